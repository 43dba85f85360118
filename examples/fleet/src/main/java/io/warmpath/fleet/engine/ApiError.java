package io.warmpath.fleet.engine;

/** A request that the engine refuses, in the words and form of vLLM 0.32. */
final class ApiError extends Exception {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final String param;

  /** {@code param} is empty where vLLM says null. */
  private ApiError(int status, String type, String param, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
  }

  static ApiError badJson(long offset) {
    return invalid(
        "body." + offset,
        "{'type': 'json_invalid', 'loc': 'body." + offset + "', 'msg': 'JSON decode error'}");
  }

  static ApiError missing(String where) {
    return invalid(where, "{'type': 'missing', 'loc': '" + where + "', 'msg': 'Field required'}");
  }

  /** A member of the wrong type or form. */
  static ApiError invalid(String where, String problem) {
    return new ApiError(400, "Bad Request", where, "1 validation error:\n  " + problem);
  }

  static ApiError badParameter(String param, String message) {
    return new ApiError(400, "BadRequestError", param, message);
  }

  static ApiError unknownModel(String model, String served) {
    return new ApiError(
        404,
        "NotFoundError",
        "model",
        "The model `" + model + "` does not exist. Valid aliases: " + served + ".");
  }

  int status() {
    return status;
  }

  String toJson() {
    StringBuilder out = new StringBuilder(128).append("{\"error\":{\"message\":");
    JsonTree.quote(out, String.valueOf(getMessage()))
        .append(",\"type\":\"")
        .append(type)
        .append("\",\"param\":");
    if (param.isEmpty()) {
      out.append("null");
    } else {
      JsonTree.quote(out, param);
    }
    return out.append(",\"code\":").append(status).append("}}").toString();
  }
}

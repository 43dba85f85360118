package io.warmpath.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.Value;
import io.warmpath.DestinationHeaders;
import io.warmpath.envoy.proto.BodyMutation;
import io.warmpath.envoy.proto.BodyResponse;
import io.warmpath.envoy.proto.CommonResponse;
import io.warmpath.envoy.proto.HeaderMutation;
import io.warmpath.envoy.proto.HeaderValue;
import io.warmpath.envoy.proto.HeaderValueOption;
import io.warmpath.envoy.proto.HeaderValueOption.HeaderAppendAction;
import io.warmpath.envoy.proto.HeadersResponse;
import io.warmpath.envoy.proto.HttpStatus;
import io.warmpath.envoy.proto.ImmediateResponse;
import io.warmpath.envoy.proto.ProcessingResponse;
import io.warmpath.envoy.proto.StreamedBodyResponse;
import io.warmpath.envoy.proto.TrailersResponse;
import io.warmpath.response.ErrorBody;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the picker says to Envoy. */
final class Answers {

  /** Namespace of the metadata that name endpoints, in the endpoint picker protocol. */
  static final String METADATA = "envoy.lb";

  /** Why no endpoint got a request, as llm-d's picker says it. */
  static final String DROPPED_REASON = "x-llm-d-request-dropped-reason";

  /**
   * Most bytes of a body in one message: 62,000, as llm-d's picker has it. Envoy 1.40 takes larger
   * ones as well.
   */
  static final int MAX_PIECE_BYTES = 62_000;

  private Answers() {}

  /**
   * Answers the headers of a request: where it goes.
   *
   * @param set header fields for the engine; the destination is among them
   * @param remove header fields that clients may not give
   */
  static ProcessingResponse requestHeaders(Map<String, String> set, Iterable<String> remove) {
    HeaderMutation.Builder mutation = fields(set).addAllRemoveHeaders(remove);
    Value destination = Value.newBuilder()
        .setStringValue(set.getOrDefault(DestinationHeaders.DESTINATION, ""))
        .build();
    Struct named = Struct.newBuilder()
        .putFields(DestinationHeaders.DESTINATION, destination)
        .build();
    return ProcessingResponse.newBuilder()
        .setRequestHeaders(HeadersResponse.newBuilder()
            .setResponse(
                CommonResponse.newBuilder().setClearRouteCache(true).setHeaderMutation(mutation)))
        .setDynamicMetadata(Struct.newBuilder()
            .putFields(METADATA, Value.newBuilder().setStructValue(named).build()))
        .build();
  }

  static ProcessingResponse responseHeaders(Map<String, String> set) {
    return ProcessingResponse.newBuilder()
        .setResponseHeaders(HeadersResponse.newBuilder()
            .setResponse(CommonResponse.newBuilder().setHeaderMutation(fields(set))))
        .build();
  }

  private static HeaderMutation.Builder fields(Map<String, String> set) {
    HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
    set.forEach((name, value) -> mutation.addSetHeaders(HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value)))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
    return mutation;
  }

  /** Sends a request body in pieces; the array must not change afterwards. */
  static void requestBody(byte[] body, boolean last, Consumer<ProcessingResponse> out) {
    pieces(UnsafeByteOperations.unsafeWrap(body), last, piece -> out.accept(requestBody(piece)));
  }

  static ProcessingResponse requestBody(StreamedBodyResponse piece) {
    return ProcessingResponse.newBuilder().setRequestBody(body(piece)).build();
  }

  static ProcessingResponse responseBody(StreamedBodyResponse piece) {
    return ProcessingResponse.newBuilder().setResponseBody(body(piece)).build();
  }

  private static BodyResponse body(StreamedBodyResponse piece) {
    return BodyResponse.newBuilder()
        .setResponse(CommonResponse.newBuilder()
            .setBodyMutation(BodyMutation.newBuilder().setStreamedResponse(piece)))
        .build();
  }

  /** Cuts bytes into pieces that Envoy takes; no bytes are one empty piece. */
  static void pieces(ByteString bytes, boolean last, Consumer<StreamedBodyResponse> out) {
    int from = 0;
    do {
      int end = Math.min(bytes.size(), from + MAX_PIECE_BYTES);
      out.accept(StreamedBodyResponse.newBuilder()
          .setBody(bytes.substring(from, end))
          .setEndOfStream(last && end == bytes.size())
          .build());
      from = end;
    } while (from < bytes.size());
  }

  static ProcessingResponse requestTrailers() {
    return ProcessingResponse.newBuilder()
        .setRequestTrailers(TrailersResponse.getDefaultInstance())
        .build();
  }

  static ProcessingResponse responseTrailers() {
    return ProcessingResponse.newBuilder()
        .setResponseTrailers(TrailersResponse.getDefaultInstance())
        .build();
  }

  /**
   * Has Envoy answer the client, in place of an engine, with an error as OpenAI's clients know it.
   *
   * @param status 400 to 599
   */
  static ProcessingResponse error(
      int status, String message, @Nullable String param, Map<String, String> headers) {
    HeaderMutation.Builder fields = fields(Map.of("content-type", "application/json"))
        .mergeFrom(fields(headers).build());
    return ProcessingResponse.newBuilder()
        .setImmediateResponse(ImmediateResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCodeValue(status))
            .setHeaders(fields)
            .setBody(
                UnsafeByteOperations.unsafeWrap(ErrorBody.openAi(status, message, null, param)))
            .setDetails("warmpath"))
        .build();
  }
}

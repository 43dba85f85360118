package io.warmpath.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one pass over a request body: it keeps the members that routing needs and skips the others.
 *
 * <p>Values are checked after the pass, because of members with the same name the last counts, as
 * in Python's {@code json}, which the engines use. Null means absent, as for the engines. All texts
 * of errors name the field and what is allowed, and repeat nothing of the body.
 */
final class RequestReader {

  /** Deepest nesting that is read: Jackson's own default is 500; Python's is near 1,000. */
  static final int MAX_DEPTH = 500;

  private static final Map<Api, Set<String>> WANTED = Map.of(
      Api.CHAT_COMPLETIONS, RequestFields.CHAT,
      Api.COMPLETIONS, RequestFields.COMPLETION,
      Api.RESPONSES, ResponsesBody.MEMBERS,
      Api.MESSAGES, MessagesBody.MEMBERS);

  /** As many as Python reads in an integer ({@code sys.int_info.default_max_str_digits}). */
  private static final int MAX_NUMBER_CHARS = 4_300;

  private static final int MAX_NAME_CHARS = 50_000;
  private static final int POOLED_BUFFERS = 64;

  // Charset detection is off, since a span in a UTF-16 body would be of no use. Names are not
  // interned: they come from clients. Texts may be as long as the body that the host let through.
  private static final JsonFactory JSON = JsonFactory.builder()
      .disable(JsonFactory.Feature.CHARSET_DETECTION)
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(MAX_NUMBER_CHARS)
          .maxNameLength(MAX_NAME_CHARS)
          .maxStringLength(Integer.MAX_VALUE)
          .build())
      .build();

  private final Api api;
  private final Map<String, @Nullable Object> members = new HashMap<>();

  private @Nullable Object model;
  private int modelStart;
  private int modelEnd;
  private @Nullable PromptReader prompt;
  private boolean hasEmbeddings;

  RequestReader(Api api) {
    this.api = api;
  }

  /**
   * Reads the body; call once, then ask for the members.
   *
   * @throws BadRequestException if it is not one JSON object
   */
  RequestReader read(byte[] body) {
    // A byte order mark is not part of the JSON; offsets of the parser start behind it.
    boolean marked = body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF;
    int start = marked ? 3 : 0;
    try (JsonParser parser = JSON.createParser(body, start, body.length - start)) {
      try {
        object(parser, start);
      } catch (StreamConstraintsException tooMuch) {
        throw tooMuch(parser);
      } catch (StreamReadException notJson) {
        throw notJson(notJson.getLocation());
      }
    } catch (IOException e) {
      throw new BadRequestException("the body is not valid JSON in UTF-8", null);
    }
    return this;
  }

  private void object(JsonParser parser, int start) throws IOException {
    if (parser.nextToken() == null) {
      throw new BadRequestException("the body is empty, it must be a JSON object", null);
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadRequestException("the body must be a JSON object", null);
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      member(parser, name, start);
    }
    if (parser.nextToken() != null) {
      throw notJson(parser.currentTokenLocation());
    }
  }

  private void member(JsonParser parser, String name, int start) throws IOException {
    if (name.equals("model")) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      model = JsonValues.read(parser);
      modelStart = start + from;
      modelEnd = start + (int) parser.currentLocation().getByteOffset();
    } else if (api == Api.COMPLETIONS && name.equals("prompt")) {
      prompt =
          parser.currentToken() == JsonToken.VALUE_NULL ? null : new PromptReader().read(parser);
    } else if (api == Api.COMPLETIONS && name.equals("prompt_embeds")) {
      hasEmbeddings = parser.currentToken() != JsonToken.VALUE_NULL;
      parser.skipChildren();
    } else if (WANTED.getOrDefault(api, Set.of()).contains(name)) {
      members.put(name, JsonValues.read(parser));
    } else {
      parser.skipChildren();
    }
  }

  private static BadRequestException notJson(@Nullable JsonLocation at) {
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new BadRequestException("the body is not valid JSON" + where, null);
  }

  private static BadRequestException tooMuch(JsonParser parser) {
    return new BadRequestException(
        parser.getParsingContext().getNestingDepth() > MAX_DEPTH
            ? "the body is nested too deeply, at most " + MAX_DEPTH + " levels are allowed"
            : "the body holds a number or a name that is too long, at most " + MAX_NUMBER_CHARS
                + " digits and " + MAX_NAME_CHARS + " characters are allowed",
        null);
  }

  String model() {
    if (model instanceof String name && !name.isEmpty()) {
      return name;
    }
    throw Members.wrong(
        "model",
        model == null ? "is missing, it must name a model" : "must be a string that is not empty");
  }

  /** First byte of the value of {@code model}, its opening quote. */
  int modelStart() {
    return modelStart;
  }

  /** The byte after the value of {@code model}. */
  int modelEnd() {
    return modelEnd;
  }

  /** The other members. */
  Members members() {
    return new Members(members);
  }

  /** {@return the prompts; none if the client sent embeddings in their place} */
  List<Prompt> prompts() {
    if (prompt != null) {
      return prompt.prompts();
    }
    if (hasEmbeddings) {
      return List.of();
    }
    throw Members.wrong(
        "prompt", "is missing, it must be a string, a list of strings or token ids");
  }
}

package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.warmpath.request.JsonValues;
import io.warmpath.template.TemplateException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of tool calls, read as Python's {@code json.loads} reads them for vLLM 0.32 ({@code
 * _postprocess_messages}): with NaN and Infinity, and integers of up to 4,300 digits ({@code
 * sys.int_info.default_max_str_digits}).
 */
final class ToolArguments {

  private static final int MAX_NUMBER_CHARS = 1 + 4_300;
  private static final Set<String> NOT_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

  private static final JsonFactory JSON = JsonFactory.builder()
      .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNumberLength(MAX_NUMBER_CHARS)
          .maxNameLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .build())
      .build();

  private ToolArguments() {}

  /**
   * {@return the arguments; an empty object if they are anything but an object}
   *
   * @throws TemplateException if they are deeper or hold a longer number than is read here
   */
  static Map<?, ?> of(@Nullable Object arguments) {
    if (arguments instanceof Map<?, ?> map) {
      return map;
    }
    if (!(arguments instanceof String text)) {
      return Map.of();
    }
    try (JsonParser json = new PythonsNumbers(JSON.createParser(text))) {
      if (json.nextToken() == JsonToken.START_OBJECT
          && JsonValues.read(json) instanceof Map<?, ?> map
          && json.nextToken() == null) {
        return map;
      }
    } catch (StreamConstraintsException tooMuch) {
      throw new TemplateException("only the engine can read so large arguments of a tool call");
    } catch (IOException e) {
      // Not JSON: the engine takes it for no arguments.
    }
    return Map.of();
  }

  /** Refuses {@code +Infinity} and {@code INF}, which Jackson takes with the others. */
  private static final class PythonsNumbers extends JsonParserDelegate {

    PythonsNumbers(JsonParser json) {
      super(json);
    }

    @Override
    public JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      if (token == JsonToken.VALUE_NUMBER_FLOAT && isNaN() && !NOT_NUMBERS.contains(getText())) {
        throw new JsonParseException(this, "not a number for Python");
      }
      return token;
    }
  }
}

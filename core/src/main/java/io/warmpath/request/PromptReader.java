package io.warmpath.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code prompt} of a completion: a string, a list of strings, a list of token ids or a list of
 * lists of token ids. Ids go straight into {@code int[]}; they may be whole numbers in other forms
 * (see {@link Members}), but a list that begins with a string is one of strings.
 *
 * <p>A value of the wrong form is read to its end and remembered as {@link #problem}, since a later
 * member of the same name may still replace it.
 */
final class PromptReader {

  private static final int FIRST_IDS = 64;

  private final List<Prompt> prompts = new ArrayList<>();
  private @Nullable BadRequestException problem;

  /**
   * Reads one value.
   *
   * @param parser at the first token of the value; afterwards at its last
   * @return this
   */
  PromptReader read(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      String text = parser.getText();
      if (text.isEmpty()) {
        wrong("prompt", "must not be empty");
      }
      prompts.add(new Prompt.Text(text));
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      list(parser);
    } else {
      parser.skipChildren();
      wrong(
          "prompt",
          "must be a string, a list of strings, a list of token ids or a list of lists of token ids");
    }
    return this;
  }

  /**
   * {@return what was read, at least one prompt}
   *
   * @throws BadRequestException if the value had the wrong form
   */
  List<Prompt> prompts() {
    if (problem != null) {
      throw problem;
    }
    return List.copyOf(prompts);
  }

  private void list(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.END_ARRAY) {
      wrong("prompt", "must not be an empty list");
    } else if (first.isNumeric() || first.isBoolean()) {
      prompts.add(new Prompt.Tokens(ids(parser, "prompt")));
    } else {
      boolean texts = first == JsonToken.VALUE_STRING;
      for (int i = 0; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken(), i++) {
        entry(parser, texts, i);
      }
    }
  }

  private void entry(JsonParser parser, boolean texts, int i) throws IOException {
    if (texts && parser.currentToken() == JsonToken.VALUE_STRING) {
      prompts.add(new Prompt.Text(parser.getText()));
    } else if (!texts && parser.currentToken() == JsonToken.START_ARRAY) {
      String path = "prompt[" + i + "]";
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        wrong(path, "must not be an empty list");
      } else {
        prompts.add(new Prompt.Tokens(ids(parser, path)));
      }
    } else {
      parser.skipChildren();
      wrong(
          "prompt[" + i + "]",
          texts
              ? "must be a string, as the entry before it is"
              : "must be a string, a token id or a list of token ids, and all entries of the same kind");
    }
  }

  /** Reads ids from the first, which is the parser's current token, to the end of the list. */
  private int[] ids(JsonParser parser, String path) throws IOException {
    int[] ids = new int[FIRST_IDS];
    int count = 0;
    for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = id(parser, path, count - 1);
    }
    return Arrays.copyOf(ids, count);
  }

  private int id(JsonParser parser, String path, int i) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() == JsonParser.NumberType.INT
        && parser.getIntValue() >= 0) {
      return parser.getIntValue();
    }
    Long lax = Members.laxInteger(JsonValues.read(parser));
    if (lax != null && lax >= 0 && lax <= Integer.MAX_VALUE) {
      return lax.intValue();
    }
    wrong(path + "[" + i + "]", "must be a token id, an integer from 0 to " + Integer.MAX_VALUE);
    return 0;
  }

  private void wrong(String path, String allowed) {
    if (problem == null) {
      problem = new BadRequestException(path + " " + allowed, path);
    }
  }
}

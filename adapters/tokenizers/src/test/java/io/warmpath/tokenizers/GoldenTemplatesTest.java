package io.warmpath.tokenizers;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.findText;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.map;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.golden.GoldenFiles;
import io.warmpath.golden.GoldenReport;
import io.warmpath.template.TemplateException;
import io.warmpath.tokenizers.jinja.JinjaTemplate;
import io.warmpath.tokenizers.jinja.RenderLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the original Jinja makes of templates, whole files. */
@Tag("golden")
final class GoldenTemplatesTest {

  private static final String CHATS = "chat_templates.json";
  private static final String FEATURES = "jinja/feats.json";
  private static final String EXPRESSIONS = "jinja/expressions.json";

  /** Kinds of errors whose message is that of Jinja, word by word. */
  private static final List<String> SAME_MESSAGE =
      List.of("UndefinedError", "SecurityError", "TemplateRuntimeError");

  @Test
  void conversationsBecomeThePromptsOfTransformers() {
    GoldenReport.file(CHATS, bytes -> {
      Object file = parse(bytes);
      Map<String, JinjaChatTemplate> templates = new LinkedHashMap<>();
      map(at(file, "templates"))
          .forEach((name, one) -> templates.put((String) name, template(one)));
      GoldenReport.cases(
          CHATS,
          longNumber(file, "count"),
          list(file, "cases"),
          one -> checkChat(file, templates, one));
    });
  }

  private static JinjaChatTemplate template(@Nullable Object one) {
    Map<String, String> tokens = new LinkedHashMap<>();
    map(at(one, "kwargs")).forEach((name, token) -> tokens.put((String) name, (String) token));
    return ChatTemplates.of(text(one, "template"), tokens);
  }

  private static void checkChat(Object file, Map<String, JinjaChatTemplate> templates, Object one) {
    JinjaChatTemplate template = templates.get(text(one, "template"));
    Object messages = at(at(file, "conversations"), text(one, "conversation"));
    Map<?, ?> options = map(at(one, "options"));
    String rendered = findText(one, "rendered");
    if (rendered == null) {
      assertThrows(TemplateException.class, () -> Chats.render(template, messages, options));
    } else {
      assertEquals(rendered, Chats.render(template, messages, options));
    }
  }

  @Test
  void featuresOfTheLanguageRenderAsInTheOriginal() {
    GoldenReport.file(FEATURES, bytes -> {
      Map<String, @Nullable Object> templates = new LinkedHashMap<>();
      map(parse(bytes)).forEach((name, text) -> templates.put((String) name, text));
      GoldenFiles.read("jinja/qwen3.jinja")
          .ifPresent(text -> templates.put("tpl_qwen3", new String(text, StandardCharsets.UTF_8)));
      Object context = parse(GoldenFiles.read("jinja/ctx.json").orElseThrow());
      Object expected = parse(GoldenFiles.read("jinja/ref.json").orElseThrow());
      GoldenReport.cases(
          FEATURES,
          templates.size(),
          new ArrayList<>(templates.keySet()),
          name ->
              assertEquals(at(expected, name), render((String) templates.get(name), map(context))));
    });
  }

  @Test
  void expressionsRenderOrFailAsInTheOriginal() {
    GoldenReport.file(EXPRESSIONS, bytes -> {
      Object file = parse(bytes);
      Map<?, ?> context = map(at(file, "context"));
      GoldenReport.cases(
          EXPRESSIONS,
          longNumber(file, "count"),
          list(file, "cases"),
          one -> checkExpression(one, context));
    });
  }

  private static void checkExpression(Object one, Map<?, ?> context) {
    String template = text(one, "template");
    String rendered = findText(one, "rendered");
    if (rendered != null) {
      assertEquals(rendered, render(template, context), template);
      return;
    }
    TemplateException thrown =
        assertThrows(TemplateException.class, () -> render(template, context), template);
    String message = String.valueOf(thrown.getMessage());
    if (text(one, "error").equals("TemplateError")) {
      assertEquals(find(one, "message"), message);
    } else if (SAME_MESSAGE.contains(text(one, "error"))) {
      assertEquals(find(one, "message"), message.replaceFirst("^line \\d+: ", ""));
    }
  }

  private static String render(@Nullable String template, Map<?, ?> context) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    context.forEach((name, value) -> variables.put((String) name, value));
    StringBuilder out = new StringBuilder();
    JinjaTemplate.compile(String.valueOf(template))
        .render(variables, RenderLimits.STANDARD, Chats.CLOCK, out);
    return out.toString();
  }
}

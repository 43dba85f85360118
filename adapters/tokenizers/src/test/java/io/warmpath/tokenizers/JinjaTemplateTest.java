package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.template.TemplateException;
import io.warmpath.tokenizers.jinja.JinjaTemplate;
import io.warmpath.tokenizers.jinja.RenderLimits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template may use, what is told of its errors, and what vLLM finds in its text. */
final class JinjaTemplateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{{ range(10**9) }}",
        "{{ 'x' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{{ 'x'|center(10**9) }}",
        "{{ 'x'|indent(10**9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 2 ** (10**9) }}",
        "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set n = namespace(x=[]) %}{% for i in range(99999) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }}",
        "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}"
            + "{{ {n.x: 1} }}",
        "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}"
            + "{{ n.x|tojson }}",
        "{% set n = namespace(x=[1]) %}{% for i in range(9999) %}{% set n.x = n.x|select %}{% endfor %}"
            + "{{ n.x|list }}",
        "{% set n = namespace() %}{% set n.n = n %}{{ n }}"
      })
  void aTemplateThatNeedsTooMuchIsRefused(String source) {
    assertThrows(TemplateException.class, () -> render(source, Map.of()));
  }

  @Test
  void aTemplateThatIsTooDeepIsRefused() {
    for (String source : List.of(
        "{{ " + "(".repeat(5_000) + "1" + ")".repeat(5_000) + " }}",
        "{{ " + "not ".repeat(5_000) + "1 }}",
        "{{ 1" + " - 1".repeat(5_000) + " }}",
        "{{ 1" + "|abs".repeat(5_000) + " }}",
        "{{ x" + ".x".repeat(5_000) + " }}",
        "{% if 1 %}".repeat(5_000) + "{% endif %}".repeat(5_000))) {
      assertThrows(TemplateException.class, () -> JinjaTemplate.compile(source));
    }
  }

  @Test
  void whatAFailedTemplateWroteIsTakenBack() {
    StringBuilder out = new StringBuilder("before");

    TemplateException thrown = assertThrows(
        TemplateException.class,
        () -> JinjaTemplate.compile("a\n{{ x.y }}")
            .render(Map.of(), RenderLimits.STANDARD, Chats.CLOCK, out));

    assertEquals("line 2: 'x' is undefined", thrown.getMessage());
    assertEquals("before", out.toString());
  }

  @Test
  void limitsAreThoseGiven() {
    JinjaTemplate template = JinjaTemplate.compile("{% for i in range(9) %}ab{% endfor %}");
    StringBuilder out = new StringBuilder();

    template.render(Map.of(), new RenderLimits(100, 18), Chats.CLOCK, out);
    assertEquals("ab".repeat(9), out.toString());

    assertThrows(
        TemplateException.class,
        () -> template.render(Map.of(), new RenderLimits(100, 17), Chats.CLOCK, out));
    assertThrows(
        TemplateException.class,
        () -> template.render(Map.of(), new RenderLimits(10, 18), Chats.CLOCK, out));
    assertThrows(IllegalArgumentException.class, () -> new RenderLimits(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new RenderLimits(1, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{% for p in m.content %}{% endfor %}{% endfor %}",
        "{% for m in messages[1:] %}{% for p in m['content']|list %}{% endfor %}{% endfor %}",
        "{% set a = messages %}{% set b = a[1:] %}{% for m in b %}{% for p in m.content %}{% endfor %}{% endfor %}",
        "{% for content in content %}{% endfor %}",
        "{% macro r(c) %}{% for p in c %}{% endfor %}{% endmacro %}"
            + "{% for m in messages %}{{ r(m.content) }}{% endfor %}",
        "{% macro r(c) %}{% for p in c %}{% endfor %}{% endmacro %}"
            + "{% for m in messages %}{{ r(c=m.content) }}{% endfor %}"
      })
  void loopsOverTheContentAreFound(String source) {
    assertTrue(JinjaTemplate.compile(source).readsContentParts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{{ m.content }}{% endfor %}",
        "{% for m in others %}{% for p in m.content %}{% endfor %}{% endfor %}",
        "{% macro r(content) %}{% for p in content %}{% endfor %}{% endmacro %}",
        "{% for m in messages %}{% for p in m.tool_calls %}{% endfor %}{% endfor %}"
      })
  void otherLoopsAreNotTakenForThem(String source) {
    assertFalse(JinjaTemplate.compile(source).readsContentParts());
  }

  @Test
  void onlyVariablesThatAreReadAreMentioned() {
    JinjaTemplate template = JinjaTemplate.compile(
        "{% set a = 1 %}{{ a }}{{ b }}{% for c in d %}{{ c }}{{ range(e) }}{% endfor %}");

    assertTrue(template.mentions("b") && template.mentions("d") && template.mentions("e"));
    assertFalse(template.mentions("a") || template.mentions("c") || template.mentions("range"));
  }

  private static String render(String source, Map<String, ?> variables) {
    StringBuilder out = new StringBuilder();
    JinjaTemplate.compile(source).render(variables, RenderLimits.STANDARD, Chats.CLOCK, out);
    return out.toString();
  }
}

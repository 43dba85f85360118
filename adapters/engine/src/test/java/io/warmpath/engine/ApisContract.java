package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.RouterBuilder;
import io.warmpath.response.ResponseEnd;
import io.warmpath.template.TemplateException;
import java.net.http.HttpResponse;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses and Anthropic's messages go the way of chats, through any host. */
public abstract class ApisContract {

  protected abstract RunningHost host(UnaryOperator<RouterBuilder> routing, String... addresses)
      throws Exception;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/responses | {'model':'m','input':'안녕'} | {'type':'response.output_text.delta','delta':'a'}"
            + " | {'type':'response.completed','response':{'usage':{'input_tokens':3}}}",
        "/v1/messages?beta=true | {'model':'m','max_tokens':4,'messages':[{'role':'user','content':'안녕'}]}"
            + " | {'type':'content_block_delta','delta':{'text':'a'}} | {'type':'message_stop'}"
      })
  void aStreamPassesAndIsSeenToEnd(String path, String body, String piece, String last)
      throws Exception {
    String request = body.replace('\'', '"');
    String first = "event: x\ndata: " + piece.replace('\'', '"') + "\n\n";
    String second = "event: y\ndata: " + last.replace('\'', '"') + "\n\n";
    try (FakeEngine engine = new FakeEngine((asked, to) -> {
          to.streamHead();
          to.chunk(first);
          to.chunk(second.substring(0, 25));
          to.chunk(second.substring(25));
          to.streamEnd();
        });
        RunningHost host = host(routing -> routing, engine.address())) {
      HttpResponse<String> response = host.send(host.post(path, request));

      assertEquals(first + second, response.body());
      assertEquals(
          engine.address(), response.headers().firstValue("x-warmpath-endpoint").orElse(""));
      assertEquals(path, engine.requests.get(0).path());
      assertEquals(request, engine.requests.get(0).text());
      assertEquals(ResponseEnd.COMPLETE, host.nextEnd());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/responses | {'model':'m','input':7}                                 | input",
        "/v1/messages  | {'model':'m','messages':[{'role':'user','content':7}]}  | messages[0].content",
        "/v1/chat/completions | {'model':'m','messages':[{'role':'user'}],'documents':7} | documents",
        "/v1/completions | {'model':'m','prompt':'x','truncate_prompt_tokens':'x'} | truncate_prompt_tokens"
      })
  void aFieldAtFaultIsNamedInEveryApi(String path, String body, String param) throws Exception {
    try (FakeEngine engine = new FakeEngine((asked, to) -> to.json(200, "{}"));
        RunningHost host = host(routing -> routing, engine.address())) {
      HttpResponse<String> response = host.send(host.post(path, body.replace('\'', '"')));

      assertEquals(400, response.statusCode());
      assertTrue(response.body().contains("\"param\":\"" + param + "\""), response.body());
      assertEquals(1, host.badRequests());
      assertEquals(0, engine.requests.size());
    }
  }

  @Test
  void aConversationThatItsTemplateRefusesIsAnswered400InItsWords() throws Exception {
    try (FakeEngine engine = new FakeEngine((asked, to) -> to.json(200, "{}"));
        RunningHost host = host(
            routing -> routing
                .tokenizer((text, special, out) -> out.add(7))
                .template((request, out) -> {
                  throw TemplateException.refusal("roles must alternate user/assistant/…");
                }),
            engine.address())) {
      HttpResponse<String> response = host.chat();

      assertEquals(400, response.statusCode());
      assertTrue(
          response.body().contains("\"message\":\"roles must alternate user/assistant/…\""),
          response.body());
      assertEquals(1, host.router.stats().refused());
      assertEquals(1, host.badRequests());
      assertEquals(0, engine.requests.size());
    }
  }
}

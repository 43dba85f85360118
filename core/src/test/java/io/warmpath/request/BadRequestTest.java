package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that no engine would take, and what the client is told. */
class BadRequestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                            | model",
        "{'model':null}                                | model",
        "{'model':''}                                  | model",
        "{'model':5}                                   | model",
        "{'model':'m'}                                 | messages",
        "{'model':'m','messages':null}                 | messages",
        "{'model':'m','messages':[]}                   | messages",
        "{'model':'m','messages':{}}                   | messages",
        "{'model':'m','messages':['hi']}               | messages[0]",
        "{'model':'m','messages':[null]}               | messages[0]",
        "{'model':'m','messages':[{'content':'x'}]}    | messages[0].role",
        "{'model':'m','messages':[{'role':null}]}      | messages[0].role",
        "{'model':'m','messages':[{'role':'u'},{'role':'u','content':5}]}     | messages[1].content",
        "{'model':'m','messages':[{'role':'u','content':{'type':'text'}}]}    | messages[0].content",
        "{'model':'m','messages':[{'role':'u','content':['a',null]}]}         | messages[0].content[1]",
        "{'model':'m','messages':[{'role':'u'}],'tools':{}}                   | tools",
        "{'model':'m','messages':[{'role':'u'}],'chat_template_kwargs':[]}    | chat_template_kwargs",
        "{'model':'m','messages':[{'role':'u'}],'stream':'maybe'}             | stream",
        "{'model':'m','messages':[{'role':'u'}],'stream':2}                   | stream",
        "{'model':'m','messages':[{'role':'u'}],'add_special_tokens':0.5}     | add_special_tokens",
        "{'model':'m','messages':[{'role':'u'}],'add_generation_prompt':' no'} | add_generation_prompt",
        "{'model':'m','messages':[{'role':'u'}],'continue_final_message':{}}  | continue_final_message",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':-1}              | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':2147483648}      | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':1.5}             | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':-1.0}            | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':2147483648.0}    | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':1e999}           | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_completion_tokens':'7.5'} | max_completion_tokens",
        "{'model':'m','messages':[{'role':'u'}],'cache_salt':''}              | cache_salt",
        "{'model':'m','messages':[{'role':'u'}],'cache_salt':5}               | cache_salt",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':'1e3'}           | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':'99999999999999999999'} | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'max_tokens':[]}              | max_tokens",
        "{'model':'m','messages':[{'role':'u'}],'tool_choice':5}              | tool_choice",
        "{'model':'m','messages':[{'role':'u'}],'documents':{}}               | documents",
        "{'model':'m','messages':[{'role':'u'}],'documents':[{},'x']}         | documents[1]",
        "{'model':'m','messages':[{'role':'u'}],'chat_template':5}            | chat_template",
        "{'model':'m','messages':[{'role':'u'}],'reasoning_effort':5}         | reasoning_effort",
        "{'model':'m','messages':[{'role':'u'}],'truncate_prompt_tokens':-2}  | truncate_prompt_tokens",
        "{'model':'m','messages':[{'role':'u'}],'truncate_prompt_tokens':'x'} | truncate_prompt_tokens",
        "{'model':'m','messages':[{'role':'u'}],'truncation_side':'middle'}   | truncation_side",
        "{'model':'m','messages':[{'role':'u'}],'truncation_side':1}          | truncation_side"
      })
  void aBadChatNamesTheField(String body, String param) {
    assertNamed(Api.CHAT_COMPLETIONS, body, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m'}                                 | prompt",
        "{'model':'m','prompt':null}                   | prompt",
        "{'model':'m','prompt':''}                     | prompt",
        "{'model':'m','prompt':[]}                     | prompt",
        "{'model':'m','prompt':5}                      | prompt",
        "{'model':'m','prompt':{'a':[1]}}              | prompt",
        "{'model':'m','prompt':[true,null]}            | prompt[1]",
        "{'model':'m','prompt':[1,'7x']}               | prompt[1]",
        "{'model':'m','prompt':[1.5]}                  | prompt[0]",
        "{'model':'m','prompt':[{}]}                   | prompt[0]",
        "{'model':'m','prompt':['a',1]}                | prompt[1]",
        "{'model':'m','prompt':['a',['b']]}            | prompt[1]",
        "{'model':'m','prompt':[1,'a']}                | prompt[1]",
        "{'model':'m','prompt':[1,[2]]}                | prompt[1]",
        "{'model':'m','prompt':[1,-1]}                 | prompt[1]",
        "{'model':'m','prompt':[2147483648]}           | prompt[0]",
        "{'model':'m','prompt':[99999999999999999999]} | prompt[0]",
        "{'model':'m','prompt':[1,null]}               | prompt[1]",
        "{'model':'m','prompt':[[1],[]]}               | prompt[1]",
        "{'model':'m','prompt':[[1],2]}                | prompt[1]",
        "{'model':'m','prompt':[[1],['a']]}            | prompt[1][0]",
        "{'model':'m','prompt':[[1,[{'x':[]}],-1]]}    | prompt[0][1]"
      })
  void aBadPromptNamesTheField(String body, String param) {
    assertNamed(Api.COMPLETIONS, body, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m'}                                            | input",
        "{'model':'m','input':null}                               | input",
        "{'model':'m','input':5}                                  | input",
        "{'model':'m','input':{}}                                 | input",
        "{'model':'m','input':['hi']}                             | input[0]",
        "{'model':'m','input':[{'role':'user'},{}]}               | input[1]",
        "{'model':'m','input':[{'type':'message','role':5}]}      | input[0].role",
        "{'model':'m','input':[{'role':'user','content':5}]}      | input[0].content",
        "{'model':'m','input':[{'role':'user','content':[5]}]}    | input[0].content[0]",
        "{'model':'m','input':'x','instructions':5}               | instructions",
        "{'model':'m','input':'x','max_output_tokens':-1}         | max_output_tokens",
        "{'model':'m','input':'x','tools':{}}                     | tools",
        "{'model':'m','input':'x','tools':[5]}                    | tools[0]",
        "{'model':'m','input':'x','tool_choice':[]}               | tool_choice",
        "{'model':'m','input':'x','reasoning':'high'}             | reasoning",
        "{'model':'m','input':'x','reasoning':{'effort':1}}       | reasoning.effort",
        "{'model':'m','input':'x','previous_response_id':''}      | previous_response_id",
        "{'model':'m','input':'x','previous_response_id':7}       | previous_response_id",
        "{'model':'m','input':'x','truncation':7}                 | truncation",
        "{'model':'m','input':'x','stream':[]}                    | stream",
        "{'input':'x'}                                            | model"
      })
  void aBadResponseNamesTheField(String body, String param) {
    assertNamed(Api.RESPONSES, body, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m'}                                                                 | messages",
        "{'model':'m','messages':[]}                                                   | messages",
        "{'model':'m','messages':[5]}                                                  | messages[0]",
        "{'model':'m','messages':[{'content':'x'}]}                                    | messages[0].role",
        "{'model':'m','messages':[{'role':'user'}]}                                    | messages[0].content",
        "{'model':'m','messages':[{'role':'user','content':{}}]}                       | messages[0].content",
        "{'model':'m','messages':[{'role':'user','content':['x']}]}                    | messages[0].content[0]",
        "{'model':'m','messages':[{'role':'user','content':[{'text':'x'}]}]}           | messages[0].content[0].type",
        "{'model':'m','messages':[{'role':'system','content':[{}]}]}                   | messages[0].content[0].type",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'system':5}           | system",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'system':[5]}         | system[0]",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'max_tokens':-1}      | max_tokens",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'tools':5}            | tools",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'tools':['f']}        | tools[0]",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'tool_choice':'auto'} | tool_choice",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'tool_choice':{}}     | tool_choice.type",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'thinking':true}      | thinking",
        "{'model':'m','messages':[{'role':'user','content':'x'}],'output_config':{'effort':1}} | output_config.effort"
      })
  void aBadMessageOfAnthropicsNamesTheField(String body, String param) {
    assertNamed(Api.MESSAGES, body, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{'model':'secret' 'x'}|line 1, column 19",
        "{'model':'m',~ 'prompt': secret}|line 2, column",
        "{'model':'m','prompt':'x'} secret|line 1, column",
        "{'model':'m','prompt':'x'}{}|line 1, column 27",
        "{'model':'m','prompt':'secret|line 1, column 30",
        "{'model':'m','prompt':[1,2|line 1, column",
        "{'model':'m','prompt':[1,2}|line 1, column",
        "{'model':'m','prompt':'\tx'}|line 1, column",
        "{'model':'m','prompt':'x','a':NaN}|line 1, column",
        "{'model':'m','prompt':'x','a':01}|line 1, column",
        "{'model':'m','prompt':'x','a':'\\x'}|line 1, column",
        "{'model':'m','prompt':'x',}|line 1, column",
        "{'model':'m','prompt':'x'|line 1, column 26",
        "{'model'|line 1, column 9",
        "{'model':'m','prompt':'x','\\udc00':1}|line 1, column",
        "secret|line 1, column"
      })
  void whatIsNotJsonIsToldWhereButNotRepeated(String body, String where) {
    BadRequestException bad = refused(Api.COMPLETIONS, body.replace('~', '\n'));

    assertTrue(bad.getMessage().contains("not valid JSON at " + where), bad.getMessage());
    assertFalse(bad.getMessage().contains("secret"), bad.getMessage());
    assertNull(bad.param());
  }

  @Test
  void aBodyThatIsNoObjectIsRefused() {
    assertEquals(
        "the body is empty, it must be a JSON object",
        refused(Api.COMPLETIONS, " \n").getMessage());
    assertEquals(
        "the body is empty, it must be a JSON object",
        refused(Api.COMPLETIONS, "").getMessage());
    for (String body : new String[] {"[]", "'x'", "5", "null"}) {
      assertEquals(
          "the body must be a JSON object", refused(Api.COMPLETIONS, body).getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "prompt", "messages", "tools", "model", "stream", "input", "system"})
  void deepNestingIsRefusedWhereverItIs(String field) {
    for (String open : new String[] {"[", "{'a':"}) {
      String body = "{'model':'m','" + field + "':" + open.repeat(20_000);

      for (Api api : Api.values()) {
        assertEquals(
            "the body is nested too deeply, at most 500 levels are allowed",
            refused(api, body).getMessage());
      }
    }
  }

  @Test
  void nestingUpToTheLimitIsRead() {
    String deep = "[".repeat(499) + "]".repeat(499);

    InferenceRequest.parse(
        Api.COMPLETIONS, bytes("{'model':'m','prompt':'x','a':" + deep + "}"), RequestHeaders.NONE);
    InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        bytes("{'model':'m','messages':[{'role':'u'}],'tools':" + deep + "}"),
        RequestHeaders.NONE);
    refused(Api.COMPLETIONS, "{'model':'m','prompt':'x','a':[" + deep + "]}");
  }

  @Test
  void hugeNumbersAndNamesAreRefused() {
    assertTrue(refused(Api.COMPLETIONS, "{'model':'m','prompt':[" + "9".repeat(4_400) + "]}")
        .getMessage()
        .contains("too long"));
    assertTrue(refused(Api.COMPLETIONS, "{'" + "n".repeat(60_000) + "':1}")
        .getMessage()
        .contains("too long"));
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] body = bytes("{'model':'m','prompt':'x?y'}");
    for (int bad : new int[] {0xFF, 0xC0, 0x80, 0xE2, 0xF8}) {
      body[24] = (byte) bad;
      assertThrows(
          BadRequestException.class,
          () -> InferenceRequest.parse(Api.COMPLETIONS, body, RequestHeaders.NONE));
    }
  }

  @Test
  void otherEncodingsAreRefused() {
    String body = "{\"model\":\"m\",\"prompt\":\"x\"}";
    for (Charset charset :
        new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16
        }) {
      assertThrows(
          BadRequestException.class,
          () ->
              InferenceRequest.parse(Api.COMPLETIONS, body.getBytes(charset), RequestHeaders.NONE));
    }
  }

  @Test
  void damagedBodiesAreReadOrRefusedAndNothingElse() {
    byte[] good = bytes(
        "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'a\\u00e9é'}]}],"
            + "'input':[{'role':'user','content':[{'type':'input_image','image_url':'u'}]},{'type':'reasoning','summary':[{'text':'t'}]}],"
            + "'system':[{'type':'text','text':'s'}],"
            + "'prompt':[[1,2],[3]],'max_tokens':4,'tools':[{'x':1e3}],'stop':[1,{'a':-2.5}],'stream':true}");
    byte[] marks = bytes("'\\{}[],:0-e.n\u0000");
    Random random = new Random(5);
    for (int step = 0; step < 20_000; step++) {
      byte[] body = good.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        body[random.nextInt(body.length)] = random.nextInt(4) == 0
            ? (byte) random.nextInt(256)
            : marks[random.nextInt(marks.length)];
      }
      Api api = Api.values()[step & 3];
      try {
        InferenceRequest request = InferenceRequest.parse(api, body, RequestHeaders.NONE);
        InferenceRequest renamed =
            InferenceRequest.parse(api, request.bodyWithModel("new"), RequestHeaders.NONE);
        assertEquals("new", renamed.model(), "step " + step);
        assertEquals(request.messages(), renamed.messages(), "step " + step);
      } catch (BadRequestException refused) {
        assertEquals(400, refused.status());
      }
    }
  }

  /** The client is told which field is at fault, beside the message and in it. */
  private static void assertNamed(Api api, String body, String param) {
    BadRequestException bad = refused(api, body);

    assertEquals(param, bad.param());
    assertEquals(400, bad.status());
    assertTrue(bad.getMessage().startsWith(param + " "), bad.getMessage());
  }

  private static BadRequestException refused(Api api, String body) {
    return assertThrows(
        BadRequestException.class,
        () -> InferenceRequest.parse(api, bytes(body), RequestHeaders.NONE));
  }

  private static byte[] bytes(String body) {
    return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}

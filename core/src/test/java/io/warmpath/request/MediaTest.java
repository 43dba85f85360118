package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTest {

  /** By {@code printf 'http://i' | sha256sum}. */
  private static final String SHA256_OF_HTTP_I =
      "36ef6463063ea539ca6e9b8b20f38e9d198e369a3cc1f56f731a0f958fdcf422";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'image_url','image_url':{'url':'http://i'}}           | IMAGE",
        "{'type':'image_url','image_url':'http://i'}                   | IMAGE",
        "{'type':'input_image','image_url':'http://i','detail':'low'}  | IMAGE",
        "{'image_url':'http://i'}                                      | IMAGE",
        "{'image_url':{'url':'http://i'},'cache_control':{}}           | IMAGE",
        "{'type':'audio_url','audio_url':{'url':'http://i'}}           | AUDIO",
        "{'type':'video_url','video_url':{'url':'http://i'}}           | VIDEO",
        "{'video_url':'http://i'}                                      | VIDEO"
      })
  void aMediumIsNamedByTheHashOfItsUrl(String part, Modality modality) {
    InferenceRequest request = chat(part);

    assertEquals(List.of(new MediaPart(modality, SHA256_OF_HTTP_I)), request.media());
    assertTrue(request.hasMedia());
    assertFalse(request.hasOpaqueContent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'image_url','image_url':{'url':'http://i'},'uuid':'u7'} | IMAGE",
        "{'type':'image_url','image_url':null,'uuid':'u7'}               | IMAGE",
        "{'image_pil':null,'uuid':'u7'}                                  | IMAGE",
        "{'type':'input_audio','input_audio':null,'uuid':'u7'}           | AUDIO",
        "{'type':'video_url','video_url':{'url':'x'},'uuid':'u7'}        | VIDEO"
      })
  void theClientsOwnNameGoesFirst(String part, Modality modality) {
    assertEquals(List.of(new MediaPart(modality, "u7")), chat(part).media());
  }

  @Test
  void dataAreNamedAsTheUrlThatTheEngineMakesOfThem() {
    assertEquals(
        chat("{'type':'audio_url','audio_url':{'url':'data:audio/wav;base64,AAAA'}}")
            .media(),
        chat("{'type':'input_audio','input_audio':{'data':'AAAA','format':'wav'}}")
            .media());
  }

  @Test
  void mediaOfAllMessagesAreListedInOrder() {
    InferenceRequest request = InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        bytes(
            "{'model':'m','messages':[{'role':'user','content':["
                + "{'type':'image_url','image_url':{'url':'a'},'uuid':'1'},'x',"
                + "{'type':'video_url','video_url':{'url':'a'},'uuid':'2'}]},{'role':'user','content':'t'},"
                + "{'role':'user','content':[{'type':'image_url','image_url':{'url':'a'},'uuid':'1'}]}]}"),
        RequestHeaders.NONE);

    assertEquals(
        List.of(
            new MediaPart(Modality.IMAGE, "1"),
            new MediaPart(Modality.VIDEO, "2"),
            new MediaPart(Modality.IMAGE, "1")),
        request.media());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'image_embeds','image_embeds':'AAAA'}",
        "{'type':'image_embeds','image_embeds':'AAAA','uuid':'u'}",
        "{'type':'prompt_embeds','data':'AAAA'}",
        "{'type':'file','file':{'file_id':'f'}}",
        "{'type':'image'}",
        "{'type':'image_url'}",
        "{'type':'image_url','image_url':{}}",
        "{'type':'input_audio','input_audio':{'format':'wav'}}",
        "{'type':'text','text':'x','uuid':'u'}",
        "{'type':5}",
        "{'text':'x'}",
        "{}"
      })
  void whatIsNeitherTextNorAKnownMediumIsOpaque(String part) {
    InferenceRequest request = chat(part);

    assertTrue(request.hasOpaqueContent());
    assertEquals(List.of(), request.media());
    assertFalse(request.hasMedia());
  }

  @Test
  void textIsNoMedium() {
    InferenceRequest request = chat("'x',{'type':'thinking','thinking':'t'},{'type':'text'},"
        + "{'type':'tool_reference','name':'f'}");

    assertFalse(request.hasOpaqueContent());
    assertFalse(request.hasMedia());
    assertEquals("x\nt\nf", request.messages().get(0).text());
  }

  @Test
  void membersThatNobodyKnowsAreKept() {
    assertEquals(
        new ContentPart.Text("x", Map.of("cache_control", Map.of("type", "e"))),
        ContentPart.of(Map.of(
            "type", "text", "text", "x", "cache_control", Map.of("type", "e"), "closed", true)));
  }

  private static InferenceRequest chat(String parts) {
    return InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        bytes("{'model':'m','messages':[{'role':'user','content':[" + parts + "]}]}"),
        RequestHeaders.NONE);
  }

  private static byte[] bytes(String body) {
    return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}

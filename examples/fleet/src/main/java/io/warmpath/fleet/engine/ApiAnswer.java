package io.warmpath.fleet.engine;

import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * The response to one {@link ApiRequest}, streamed or whole, in the members and order of vLLM 0.32: headers at once,
 * the chunk with the role together with the first token's, usage last, then {@code [DONE]}.
 *
 * <p><b>Threads:</b> the engine's event loop. What a slow client does not read is queued, up to the whole answer.
 */
final class ApiAnswer {

  private static final String FINGERPRINT = "\"system_fingerprint\":\"vllm-0.32.0-simulated\"";

  private final HttpServerResponse response;
  private final ApiRequest request;
  private final FleetTokenizer tokenizer;
  private final int blockSize;
  private final String id;
  private final String created;
  private final String model;
  private final List<Choice> choices = new ArrayList<>();
  private final List<Sequence> sequences = new ArrayList<>();
  private int open;
  private boolean gone;

  /**
   * @param id the request's id, {@code chatcmpl-…} or {@code cmpl-…}
   * @param createdSeconds Unix time
   */
  ApiAnswer(
      HttpServerResponse response,
      ApiRequest request,
      FleetTokenizer tokenizer,
      EngineConfig config,
      String id,
      long createdSeconds) {
    this.response = response;
    this.request = request;
    this.tokenizer = tokenizer;
    this.blockSize = config.blockSize();
    this.id = JsonTree.quoted(id);
    this.created = Long.toString(createdSeconds);
    this.model = JsonTree.quoted(config.modelName());
  }

  /** One prompt's answer. */
  private final class Choice implements Sequence.TokenSink {
    final int index;
    final StringBuilder text = new StringBuilder();
    int tokens;

    Choice(int index) {
      this.index = index;
    }

    @Override
    public void token(int token, boolean last) {
      if (gone) {
        return;
      }
      tokens++;
      String word = tokenizer.decode(token);
      if (request.stream()) {
        response.write(
            (tokens == 1 && request.chat() ? roleChunk(index) : "") + chunk(index, word, last));
      } else {
        text.append(word);
      }
      if (last && --open == 0) {
        end();
      }
    }
  }

  /** {@return where the tokens of prompt {@code index} go; asked for once each, in order, before any token} */
  Sequence.TokenSink sink(int index) {
    Choice choice = new Choice(index);
    choices.add(choice);
    open++;
    return choice;
  }

  void add(Sequence sequence) {
    sequences.add(sequence);
  }

  List<Sequence> sequences() {
    return sequences;
  }

  /** {@return whether every token was sent} */
  boolean isComplete() {
    return open == 0;
  }

  /** The client has gone: nothing more is written. */
  void abandon() {
    gone = true;
  }

  /** Sends the headers of a stream. */
  void begin() {
    if (request.stream()) {
      response.setChunked(true).putHeader("content-type", "text/event-stream; charset=utf-8");
      response.writeHead();
    }
  }

  private void end() {
    if (request.stream()) {
      response.end((request.includeUsage() ? usageChunk() : "") + "data: [DONE]\n\n");
    } else {
      response.putHeader("content-type", "application/json").end(whole());
    }
  }

  private StringBuilder head(StringBuilder out, String object) {
    return out.append("{\"id\":")
        .append(id)
        .append(",\"object\":\"")
        .append(object)
        .append("\",\"created\":")
        .append(created)
        .append(",\"model\":")
        .append(model)
        .append(",\"choices\":[");
  }

  private StringBuilder chunkHead() {
    return head(
        new StringBuilder(256).append("data: "),
        request.chat() ? "chat.completion.chunk" : "text_completion");
  }

  private String roleChunk(int index) {
    return chunkHead()
        .append("{\"index\":")
        .append(index)
        .append(
            ",\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]")
        .append(",\"prompt_token_ids\":null,\"prompt_text\":null}\n\n")
        .toString();
  }

  private String chunk(int index, String word, boolean last) {
    StringBuilder out = chunkHead().append("{\"index\":").append(index);
    JsonTree.quote(out.append(request.chat() ? ",\"delta\":{\"content\":" : ",\"text\":"), word);
    out.append(request.chat() ? "}" : "").append(",\"logprobs\":null,\"finish_reason\":");
    out.append(last ? "\"length\"" : "null");
    if (!request.chat()) {
      out.append(",\"stop_reason\":null,\"prompt_token_ids\":null");
    } else if (last) {
      out.append(",\"stop_reason\":null");
    }
    out.append(",\"token_ids\":null}]");
    if (last && !request.includeUsage()) {
      out.append(',').append(FINGERPRINT);
    }
    return out.append("}\n\n").toString();
  }

  private String usageChunk() {
    StringBuilder out = chunkHead().append("],\"usage\":{");
    counts(out).append(",\"prompt_tokens_details\":{\"cached_tokens\":").append(cachedTokens());
    if (request.chat()) {
      out.append(",\"created_cache_tokens\":").append(createdCacheTokens());
    }
    return out.append("}},").append(FINGERPRINT).append("}\n\n").toString();
  }

  private String whole() {
    StringBuilder out =
        head(new StringBuilder(1024), request.chat() ? "chat.completion" : "text_completion");
    for (Choice choice : choices) {
      out.append(choice.index == 0 ? "" : ",").append("{\"index\":").append(choice.index);
      if (request.chat()) {
        JsonTree.quote(
                out.append(",\"message\":{\"role\":\"assistant\",\"content\":"),
                choice.text.toString())
            .append(
                ",\"refusal\":null,\"annotations\":null,\"audio\":null,\"function_call\":null,\"reasoning\":null}")
            .append(
                ",\"logprobs\":null,\"finish_reason\":\"length\",\"stop_reason\":null,\"token_ids\":null")
            .append(",\"routed_experts\":null}");
      } else {
        JsonTree.quote(out.append(",\"text\":"), choice.text.toString())
            .append(
                ",\"logprobs\":null,\"finish_reason\":\"length\",\"stop_reason\":null,\"token_ids\":null")
            .append(",\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"routed_experts\":null}");
      }
    }
    out.append("],")
        .append(request.chat() ? "\"service_tier\":null," : "")
        .append(FINGERPRINT)
        .append(",\"usage\":{");
    counts(out)
        .append(",\"prompt_tokens_details\":{\"cached_tokens\":")
        .append(cachedTokens())
        .append(",\"created_cache_tokens\":")
        .append(request.chat() ? Integer.toString(createdCacheTokens()) : "null")
        .append(",\"multimodal_tokens\":null},\"completion_tokens_details\":null}");
    if (request.chat()) {
      out.append(",\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"prompt_text\":null");
    }
    return out.append(",\"kv_transfer_params\":null,\"ec_transfer_params\":null,\"metrics\":null}")
        .toString();
  }

  private StringBuilder counts(StringBuilder out) {
    int prompt = sequences.stream().mapToInt(s -> s.promptTokens).sum();
    int answered = choices.stream().mapToInt(c -> c.tokens).sum();
    return out.append("\"prompt_tokens\":")
        .append(prompt)
        .append(",\"total_tokens\":")
        .append(prompt + answered)
        .append(",\"completion_tokens\":")
        .append(answered);
  }

  private int cachedTokens() {
    return sequences.stream().mapToInt(Sequence::cachedTokens).sum();
  }

  private int createdCacheTokens() {
    int full =
        sequences.stream().mapToInt(s -> s.promptTokens / blockSize * blockSize).sum();
    return full - cachedTokens();
  }
}

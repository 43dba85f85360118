package io.warmpath.block;

import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter as the engines know it. Which of the three enters a block hash depends on the
 * engine; one that is not known there is null.
 *
 * @param name what requests call it; for SGLang a request's {@code extra_key}
 * @param path where the engine loaded it from, which vLLM hashes since 0.31; null if unknown
 * @param id its number in the engine: vLLM's {@code lora_int_id} (before 0.11.1), TensorRT-LLM's
 *     {@code lora_task_id} as unsigned; null if unknown
 */
public record LoraAdapter(
    String name, @Nullable String path, @Nullable Long id) {

  /**
   * {@return an adapter of which only the name is known}
   *
   * @param name what requests call it
   */
  public static LoraAdapter named(String name) {
    return new LoraAdapter(name, null, null);
  }
}

package io.warmpath.request;

/** What a part of a message is, if it is not text. */
public enum Modality {
  /** A picture. */
  IMAGE("image"),
  /** A sound. */
  AUDIO("audio"),
  /** A film. */
  VIDEO("video");

  private final String text;

  Modality(String text) {
    this.text = text;
  }

  /** {@return its name in vLLM, and the {@code type} of its parts in chat templates} */
  public String text() {
    return text;
  }
}

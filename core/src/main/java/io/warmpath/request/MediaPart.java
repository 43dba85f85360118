package io.warmpath.request;

/**
 * An image, a sound or a film of a conversation.
 *
 * @param modality which of them
 * @param identifier equal for equal media: the part's {@code uuid}, if the client gave one, else the
 *     SHA-256 in lower-case hex digits of the URL's text in UTF-8; data count as the {@code data:} URL
 *     that vLLM makes of them. It is not the engine's own name, which is a hash of the decoded pixels
 */
public record MediaPart(Modality modality, String identifier) {}

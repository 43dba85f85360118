package io.warmpath.fleet.engine;

/** One message of a conversation: who says it, and its text. */
public record ChatTurn(String role, String content) {}

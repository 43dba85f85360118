package io.warmpath.tokenizers.djl;

import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;

/** A process of its own, as a native library is loaded once in a process. Prints what happened. */
final class LoadingProgram {

  private LoadingProgram() {}

  public static void main(String[] arguments) {
    try {
      System.out.println(Tokenizers.read(Path.of(arguments[0])).reader());
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }
}

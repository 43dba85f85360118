package io.warmpath.tokenizers.djl;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import java.io.IOException;

/** The native library inside DJL's jar: unpacked and loaded once in a process. */
final class NativeLibrary {

  /** Of Hugging Face tokenizers, as {@code native/lib/tokenizers.properties} of DJL 0.38.0 says. */
  static final String VERSION = "0.21.0";

  private static final String OFFLINE = "ai.djl.offline";

  private NativeLibrary() {}

  /**
   * Loads the library, if that was not done before.
   *
   * <p>DJL would look for a graphics card and download another library for it; offline it takes the
   * one in the jar, so it is offline for as long as this takes. {@code DJL_OFFLINE} in the
   * environment counts more.
   *
   * @throws IOException if there is none for this machine or it cannot be unpacked
   */
  static synchronized void load() throws IOException {
    String before = System.getProperty(OFFLINE);
    System.setProperty(OFFLINE, "true");
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      throw new IOException(
          "the native library of ai.djl.huggingface:tokenizers cannot be loaded: it is unpacked"
              + " into '" + Utils.getEngineCacheDir("tokenizers")
              + "', which must be writable the first time and allow execution; set DJL_CACHE_DIR"
              + " (environment or system property) to another folder and start again; there is one"
              + " for linux x86_64 and aarch64 (glibc), macOS aarch64 and Windows x86_64",
          e);
    } finally {
      if (before == null) {
        System.clearProperty(OFFLINE);
      } else {
        System.setProperty(OFFLINE, before);
      }
    }
  }
}

package io.warmpath.block;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which vLLM, as far as its hashes depend on it: minor and patch number of a release 0.x. */
record VllmVersion(int minor, int patch) {

  private static final Pattern TEXT =
      Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?![\\d.]).*");

  static VllmVersion parse(String text) {
    Matcher numbers = TEXT.matcher(text);
    if (!numbers.matches()) {
      throw new IllegalArgumentException("vLLM version must look like 0.33.0, was '" + text + "'");
    }
    if (Integer.parseInt(numbers.group(1)) > 0) {
      return new VllmVersion(Integer.MAX_VALUE, 0);
    }
    String patch = numbers.group(3);
    return new VllmVersion(
        Integer.parseInt(numbers.group(2)), patch == null ? 0 : Integer.parseInt(patch));
  }

  boolean isAtLeast(int otherMinor, int otherPatch) {
    return minor > otherMinor || (minor == otherMinor && patch >= otherPatch);
  }
}

package io.warmpath.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that {@code docs/bad-input.md} names is there. */
class BadInputDocTest {

  private static final Path ADAPTERS = Path.of("../../adapters");
  private static final Pattern CONTRACT = Pattern.compile(" extends (\\w+Contract) ");
  private static final Pattern NAME = Pattern.compile("`(?:(\\w+Test)\\.)?([a-z]\\w+)`");

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (String line : Files.readAllLines(Path.of("../../docs/bad-input.md"))) {
      String[] columns = line.split("\\|", -1);
      for (int column = 4; column < columns.length; column++) {
        String source = "";
        Matcher name = NAME.matcher(columns[column]);
        while (name.find()) {
          if (name.group(1) != null) {
            source = source(name.group(1));
          }
          // Without a class, the last one named is meant; before the first there are counters.
          if (!source.isEmpty() && !columns[column].contains("as `" + name.group(2) + "`")) {
            named++;
            if (!source.contains(" void " + name.group(2) + "(")) {
              missing.add(name.group(2));
            }
          }
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(named > 30, "only " + named + " tests were found in the table");
  }

  /** {@return the source of a test, with that of the contract that it extends} */
  private static String source(String test) throws IOException {
    try (Stream<Path> files = Files.walk(ADAPTERS)) {
      String source = Files.readString(files
          .filter(file -> file.endsWith(test + ".java"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("there is no " + test)));
      Matcher contract = CONTRACT.matcher(source);
      return contract.find() ? source + source(contract.group(1)) : source;
    }
  }
}

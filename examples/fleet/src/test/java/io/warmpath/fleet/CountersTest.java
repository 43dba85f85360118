package io.warmpath.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.RouterStats;
import io.warmpath.engine.KvEventStats;
import io.warmpath.engine.ScrapeStats;
import io.warmpath.engine.VllmTokenizerStats;
import io.warmpath.envoy.PickerStats;
import io.warmpath.event.EventStats;
import io.warmpath.index.IndexStats;
import io.warmpath.launcher.SnapshotStats;
import io.warmpath.schedule.SchedulerStats;
import io.warmpath.tokenizers.TokenCacheStats;
import io.warmpath.vertx.ProxyStats;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept here because this module has all the others on its class path. */
class CountersTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        RouterStats.class,
        SchedulerStats.class,
        IndexStats.class,
        EventStats.class,
        KvEventStats.class,
        ScrapeStats.class,
        SnapshotStats.class,
        VllmTokenizerStats.class,
        TokenCacheStats.class,
        ProxyStats.class,
        PickerStats.class
      })
  void everyCounterHasItsLineInTheDocs(Class<?> stats) throws IOException {
    String docs = Files.readString(Path.of("../../docs/metrics.md"));
    for (RecordComponent counter : stats.getRecordComponents()) {
      boolean nested = counter.getType().isRecord();
      String line =
          nested ? "### `." + counter.getName() + "()`" : "| `" + counter.getName() + "` |";
      assertTrue(docs.contains(line), stats.getSimpleName() + "." + counter.getName());
    }
  }
}

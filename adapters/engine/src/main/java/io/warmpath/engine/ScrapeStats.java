package io.warmpath.engine;

/**
 * What became of the readings of one endpoint's metrics, or of all endpoints together. Ranks that
 * share an address share its readings.
 *
 * @param scrapes pages asked for
 * @param failures of these, those that gave nothing: no answer in time, another status than 200, too
 *     large, or none of the wanted metrics; the endpoint keeps what was known
 * @param invalidValues values that were wanted and make no sense, such as NaN
 * @param malformedLines lines that were wanted and cannot be read
 */
public record ScrapeStats(long scrapes, long failures, long invalidValues, long malformedLines) {

  static final ScrapeStats NONE = new ScrapeStats(0, 0, 0, 0);

  ScrapeStats plus(ScrapeStats other) {
    return new ScrapeStats(
        scrapes + other.scrapes,
        failures + other.failures,
        invalidValues + other.invalidValues,
        malformedLines + other.malformedLines);
  }
}

package io.warmpath.chronicle;

import java.time.Duration;

/**
 * What a save has written.
 *
 * @param blocks blocks, counted once for each holder that has them
 * @param stretches stretches of consecutive blocks of one holder
 * @param sizeBytes length of the file
 * @param took how long it took
 */
public record SaveReport(long blocks, long stretches, long sizeBytes, Duration took) {}

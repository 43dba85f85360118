package io.warmpath.fleet.engine;

/**
 * How late an engine's steps ended in real time; what a machine too slow for its fleet looks like. Simulated times are
 * exact all the same, but tokens leave that much later than they should.
 *
 * @param steps steps measured
 * @param p50Nanos median lateness, real nanoseconds, within an eighth
 * @param p99Nanos 99th percentile, real nanoseconds, within an eighth
 * @param maxNanos latest, real nanoseconds
 * @param shareOfStep lateness of all steps over their real duration; below 0.05 is good
 */
public record LagStats(
    long steps, long p50Nanos, long p99Nanos, long maxNanos, double shareOfStep) {}

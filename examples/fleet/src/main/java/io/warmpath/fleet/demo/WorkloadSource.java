package io.warmpath.fleet.demo;

import java.io.IOException;

/** Where a workload of the wanted length comes from. */
interface WorkloadSource {

  /**
   * Makes a workload; the same one for the same arguments.
   *
   * @param rate requests a simulated second
   * @param seconds of arrivals, simulated
   * @throws IOException if its source cannot be read
   */
  Workload make(double rate, double seconds) throws IOException;
}

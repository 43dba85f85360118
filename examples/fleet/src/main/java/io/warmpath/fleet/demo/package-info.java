/**
 * The demo: the same requests, at the same times, through four routing policies in front of one simulated fleet. Start
 * at {@link io.warmpath.fleet.demo.Demo}.
 */
@NullMarked
package io.warmpath.fleet.demo;

import org.jspecify.annotations.NullMarked;

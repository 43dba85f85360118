/**
 * What engines say about their KV caches.
 *
 * <p>Start at {@link io.warmpath.event.KvEventSink}, which decoders drive.
 */
@NullMarked
package io.warmpath.event;

import org.jspecify.annotations.NullMarked;

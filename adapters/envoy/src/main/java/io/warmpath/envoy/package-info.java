/**
 * An endpoint picker for Envoy: it reads each request by Envoy's external processing API and answers
 * where to send it.
 *
 * <p>Start at {@link io.warmpath.envoy.PickerServer}, or at {@link io.warmpath.envoy.EndpointPicker} to
 * add it to a gRPC server of one's own. Formats: Envoy's {@code envoy/service/ext_proc/v3} and the
 * endpoint picker protocol of the Gateway API inference extension (proposal 004, version 1.0.0).
 */
@NullMarked
package io.warmpath.envoy;

import org.jspecify.annotations.NullMarked;

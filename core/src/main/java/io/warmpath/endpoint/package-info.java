/**
 * The engines that can be routed to, what they report and what they were given.
 *
 * <p>Start at {@link io.warmpath.endpoint.EndpointRegistry}.
 */
@NullMarked
package io.warmpath.endpoint;

import org.jspecify.annotations.NullMarked;

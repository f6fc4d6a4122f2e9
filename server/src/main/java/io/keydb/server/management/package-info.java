/**
 * The HTTP side for Kubernetes and Prometheus: {@code /health/live}, {@code /health/ready} and
 * {@code /metrics} on {@code management-port}.
 *
 * <p>Threads: requests run on the event loop of the HTTP server; what they ask must not block.
 */
@NullMarked
package io.keydb.server.management;

import org.jspecify.annotations.NullMarked;

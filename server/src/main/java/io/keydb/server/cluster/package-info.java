/**
 * What clients of a cluster ask: that this server is none of one.
 *
 * <p>Clients and tools find out with these commands whether they talk to a cluster, so the answer
 * must be stock's. Start with {@link io.keydb.server.cluster.ClusterCommands}.
 */
@NullMarked
package io.keydb.server.cluster;

import org.jspecify.annotations.NullMarked;

/**
 * The network of the local cluster, made of loopback addresses: pod and service addresses out of
 * one 127.x block, names in a hosts file, and TCP relays in the place of kube-proxy.
 *
 * <p>Called by the composition root and, for addresses, by the API server and the kubelet; {@link
 * io.keydb.e2e.controlplane.network.Relay} serves fault tests as well.
 *
 * <p>Threads: relays run on virtual threads, two for each connection.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.network.ServiceProxy}.
 */
@NullMarked
package io.keydb.e2e.controlplane.network;

import org.jspecify.annotations.NullMarked;

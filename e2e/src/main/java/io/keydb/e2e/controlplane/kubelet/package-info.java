/**
 * The node of the local cluster: pods become real processes, each on its own loopback address.
 *
 * <p>A container of the server's image runs as a Java process of the server built in this
 * repository; volumes are directories, and paths in its arguments and configuration are rewritten
 * to them. Probes are executed for real, exited containers are restarted in place, deleted pods get
 * SIGTERM and, when their grace period is over, SIGKILL.
 *
 * <p>Called by the composition root; everything else goes through pods in the API.
 *
 * <p>Threads: a pod's life is confined to one executor of its own; probes run beside it and report
 * back to it.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.kubelet.Kubelet}.
 */
@NullMarked
package io.keydb.e2e.controlplane.kubelet;

import org.jspecify.annotations.NullMarked;

/**
 * The controllers of the local cluster: StatefulSets become pods, volume claims become directories,
 * Services get their endpoints.
 *
 * <p>Each is a {@link io.keydb.e2e.controlplane.api.WorkQueue} over the API of this process;
 * started by the composition root.
 *
 * <p>Threads: one for each controller.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.workload.StatefulSetController}.
 */
@NullMarked
package io.keydb.e2e.controlplane.workload;

import org.jspecify.annotations.NullMarked;

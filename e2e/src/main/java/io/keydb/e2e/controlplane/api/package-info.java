/**
 * A Kubernetes API server in one process: an ordered object store with watches, the verbs on it,
 * and their HTTP front.
 *
 * <p>It does what the operator and people's clients ask of a real one: create, get, list, replace,
 * the four patch types (server-side apply with field ownership among them), delete with
 * propagation, preconditions and finalizers, status and scale subresources, label and field
 * selectors, watches that resume from a resource version, custom resource definitions with schema,
 * defaults and CEL, owner garbage collection, and refusals in the words of the real server. It
 * keeps everything in memory, has no authentication, and listens on loopback only.
 *
 * <p>Called by the HTTP clients (operator, tests, {@code kubectl}) through {@link
 * io.keydb.e2e.controlplane.api.HttpApi}, and by the controllers and the kubelet of this process
 * directly through {@link io.keydb.e2e.controlplane.api.Api}.
 *
 * <p>Threads: every write runs under the lock of the {@link
 * io.keydb.e2e.controlplane.api.ObjectStore}; stored documents are never changed in place, so
 * readers share them freely.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.api.Api}.
 */
@NullMarked
package io.keydb.e2e.controlplane.api;

import org.jspecify.annotations.NullMarked;

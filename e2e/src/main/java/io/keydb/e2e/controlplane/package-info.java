/**
 * A Kubernetes of one's own on one machine: API server, controllers and a kubelet that runs real
 * servers, put together, and {@code ./keydb up} on top of it.
 *
 * <pre>
 *   LocalControlPlane ── OperatorProcess (a JVM) ── HTTP ──┐
 *     │                                                    ▼
 *     └── ControlPlane ── api (store, verbs, schemas, CEL, garbage collection)
 *                          ├── workload  StatefulSets, claims, endpoints
 *                          ├── kubelet   pods as processes on 127.n.x.y
 *                          └── network   hosts file, service addresses, relays
 * </pre>
 *
 * <p>Called by {@code ./keydb up} and by tests. Threads: see the packages.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.ControlPlane}.
 */
@NullMarked
package io.keydb.e2e.controlplane;

import org.jspecify.annotations.NullMarked;

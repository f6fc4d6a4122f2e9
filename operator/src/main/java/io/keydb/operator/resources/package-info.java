/**
 * From a specification to Kubernetes objects: pure functions, one class per kind of object.
 *
 * <p>Nothing here reads a cluster or a clock, so every object is proved by comparing it with a
 * golden file. Names are made in {@link io.keydb.operator.resources.Names} alone, labels and
 * annotations in {@link io.keydb.operator.resources.Labels}. Objects set what the API server would
 * fill in, where that keeps a later comparison simple.
 *
 * <p>Called by {@code plan} and {@code observe}. Threads: everything is immutable or without state.
 * Start reading at {@link io.keydb.operator.resources.MemberWorkload}.
 */
@NullMarked
package io.keydb.operator.resources;

import org.jspecify.annotations.NullMarked;

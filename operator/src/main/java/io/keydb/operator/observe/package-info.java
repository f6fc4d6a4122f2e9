/**
 * Reads the world once per reconciliation, into an immutable {@link
 * io.keydb.operator.observe.Observation}: the resource, the objects made for it, its pods, what the
 * members last answered, and the password that was asked for.
 *
 * <p>{@code plan} and {@code status} see nothing else, so both are functions of what is written
 * down here. Reading comes from informers' caches, except for the two Secrets where a stale answer
 * would do harm.
 *
 * <p>Threads: an observation is immutable; {@link io.keydb.operator.observe.World} is safe. Start
 * reading at {@link io.keydb.operator.observe.Member}.
 */
@NullMarked
package io.keydb.operator.observe;

import org.jspecify.annotations.NullMarked;

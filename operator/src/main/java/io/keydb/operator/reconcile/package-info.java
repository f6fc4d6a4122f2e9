/**
 * The reconciler of {@code KeyDB}: named steps and nothing else, and what wakes it up.
 *
 * <p>Besides {@code boot} the only package that knows the operator framework. Threads: the
 * framework calls from its own pool, never for the same resource twice at a time. Start reading at
 * {@link io.keydb.operator.reconcile.KeyDBReconciler}.
 */
@NullMarked
package io.keydb.operator.reconcile;

import org.jspecify.annotations.NullMarked;

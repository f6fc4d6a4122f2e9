/**
 * Takes the steps of a plan: changes Kubernetes objects, gives commands to servers, writes events.
 *
 * <p>Each step is done on its own and does no harm when done twice. A step that fails becomes a
 * finding, and the others are still taken.
 *
 * <p>Called by {@code reconcile}. Threads: the classes are safe; a deployment's steps come from one
 * thread at a time. Start reading at {@link io.keydb.operator.apply.Execution}.
 */
@NullMarked
package io.keydb.operator.apply;

import org.jspecify.annotations.NullMarked;

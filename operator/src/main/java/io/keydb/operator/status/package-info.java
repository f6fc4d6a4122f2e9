/**
 * Tells the user: from what was observed and planned to the status of the resource, as conditions
 * that {@code kubectl wait}, kstatus and GitOps tools understand.
 *
 * <p>Pure functions; equal observations give equal statuses, so that a steady deployment causes no
 * writes. Called by {@code reconcile}. Threads: without state. Start reading at {@link
 * io.keydb.operator.status.StatusReport}.
 */
@NullMarked
package io.keydb.operator.status;

import org.jspecify.annotations.NullMarked;

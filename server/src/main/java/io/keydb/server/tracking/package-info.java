/**
 * Client-side caching: clients keep copies of what they read and are told when these become stale.
 *
 * <pre>
 *   a client reads a key ──► TrackedKeys of the key's partition: key, id of the client      under the key's lock
 *   anybody changes a key ──► Tracking: who is in the table, whose prefix matches          under the key's lock
 *                                └──► Tracker ──► mailbox of the client, or of the one it redirects to
 * </pre>
 *
 * <p>Why under the lock: a change either comes before the read, then the reply has the new value,
 * or after it, then it finds the client in the table. And before a unit of a tracking client reads
 * anything, its locks held, it writes the mail that has come so far; so no reply that shows a
 * change overtakes the invalidations of changes before it. What comes later stands behind the
 * reply.
 *
 * <p>The tables lie outside the Java heap, in allocators of their own, and are bounded by {@code
 * tracking-table-max-keys}. While nobody tracks there is none, and a change of a key costs a look
 * at one field.
 *
 * <p>Threads: see each class. Start with {@link io.keydb.server.tracking.Tracking}.
 */
@NullMarked
package io.keydb.server.tracking;

import org.jspecify.annotations.NullMarked;

/**
 * Users and what they may do: who is let in, as whom, which commands, keys and channels are theirs,
 * and the log of what was denied.
 *
 * <p>The command engine calls it through its ports {@link io.keydb.server.command.Gatekeeper} (who
 * connects) and {@link io.keydb.server.command.Permissions} (what it may do). A client whose user
 * may do everything carries one flag that says so, and nothing here is asked. For all others a
 * request is checked by the {@code Selector}s of its user, immutable and compiled: a bit for each
 * command, patterns for keys and channels.
 *
 * <p>Threads: asked by event loops, without locks; changes of users are made one at a time.
 */
@NullMarked
package io.keydb.server.acl;

import org.jspecify.annotations.NullMarked;

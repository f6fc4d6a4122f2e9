/**
 * Who may connect and as whom.
 *
 * <p>Called by the command engine through its port {@link io.keydb.server.command.Gatekeeper}.
 *
 * <p>Threads: asked by event loops; immutable apart from the configuration they read.
 */
@NullMarked
package io.keydb.server.acl;

import org.jspecify.annotations.NullMarked;

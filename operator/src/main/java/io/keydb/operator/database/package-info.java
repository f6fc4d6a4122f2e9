/**
 * Talks to the members: a small RESP client, the questions the operator asks of a server, and a
 * watch that keeps asking.
 *
 * <p>Knows nothing of Kubernetes. {@code observe} reads the reports of {@link
 * io.keydb.operator.database.MemberWatch}, {@code apply} gives commands through {@link
 * io.keydb.operator.database.Database}; {@code plan} and {@code status} see only the records. Every
 * exchange is bounded in time and size, so a member that hangs costs a second and not the
 * reconciliation of the others.
 *
 * <p>Threads: the records are immutable; a connection is confined to the thread that opened it;
 * {@code MemberWatch} is safe. Start reading at {@link io.keydb.operator.database.ReplicationInfo}.
 */
@NullMarked
package io.keydb.operator.database;

import org.jspecify.annotations.NullMarked;

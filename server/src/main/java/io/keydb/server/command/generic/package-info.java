/**
 * Commands on keys of any type: existence, deletion, renaming, copying, expiry, walking the
 * keyspace, emptying databases.
 *
 * <p>Threads: as command bodies; those that walk the keyspace take one partition's lock at a time
 * through {@code keyspace.Keyspace}.
 *
 * <p>Start with {@link io.keydb.server.command.generic.KeyCommands}.
 */
@NullMarked
package io.keydb.server.command.generic;

import org.jspecify.annotations.NullMarked;

/**
 * Lists: a listpack in the record while they are short, a tree of listpacks beyond.
 *
 * <p>{@link io.keydb.server.value.list.ListWriter} changes a list, {@link
 * io.keydb.server.value.list.ListCursor} reads it, {@link io.keydb.server.value.list.ListType} is
 * what the keyspace asks. The tree form is {@code Quicklist}. Confined to the partition lock of the
 * key.
 */
@NullMarked
package io.keydb.server.value.list;

import org.jspecify.annotations.NullMarked;

/**
 * The data outside the process: when and where dump files are written and read, and dumps of single
 * values; what such a file looks like is in {@code rdb}, what goes into one is told by a {@link
 * io.keydb.server.persistence.DataForm}. The append-only file is in {@code aof}.
 *
 * <p>Threads: each class has its own rule; files are written by threads of their own.
 *
 * <p>Start with {@link io.keydb.server.persistence.Persistence}.
 */
@NullMarked
package io.keydb.server.persistence;

import org.jspecify.annotations.NullMarked;

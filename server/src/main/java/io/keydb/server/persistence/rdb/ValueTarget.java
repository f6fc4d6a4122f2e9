package io.keydb.server.persistence.rdb;

import io.keydb.server.value.ContentSink;

/**
 * What is shown a value that was read. Elements that must be unique may come twice, which is
 * damage; the target says so.
 *
 * <p>Threads: as {@link ContentSink}.
 */
public interface ValueTarget extends ContentSink<RdbException> {}

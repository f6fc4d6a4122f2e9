package io.keydb.server.persistence.rdb;

import io.keydb.server.value.ContentSink;
import io.keydb.server.value.Element;

/**
 * What is shown a value that was read. Elements that must be unique may come twice, which is
 * damage; the target says so.
 *
 * <p>Threads: as {@link ContentSink}.
 */
interface ValueTarget extends ContentSink<RdbException> {
    /** A value that is a stream; comes instead of all else. */
    void stream(ForeignStream stream) throws RdbException;

    /** All elements of a collection were shown. */
    void end() throws RdbException;

    /** A member of the value that was shown expires; comes behind all members. */
    void expires(Element member, long expiryMillis) throws RdbException;
}

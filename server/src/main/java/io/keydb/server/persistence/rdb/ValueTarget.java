package io.keydb.server.persistence.rdb;

import io.keydb.server.value.ContentSink;
import io.keydb.server.value.Element;
import io.keydb.server.value.cron.CronJob;
import org.jspecify.annotations.Nullable;

/**
 * What is shown a value that was read. Elements that must be unique may come twice, which is
 * damage; the target says so.
 *
 * <p>Threads: as {@link ContentSink}.
 */
interface ValueTarget extends ContentSink<RdbException> {
    /** A value that is a stream; comes instead of all else. */
    void stream(ForeignStream stream) throws RdbException;

    /**
     * A value of a module's type; comes instead of all else.
     *
     * @param identity of which type it is
     * @param bytes the value; null when it is no single string, as values of modules here are
     */
    void module(long identity, @Nullable Element bytes) throws RdbException;

    /** A value that is a cron job; comes instead of all else. */
    void cron(CronJob job) throws RdbException;

    /** The cron job that was shown runs once. */
    void single() throws RdbException;

    /** All elements of a collection were shown. */
    void end() throws RdbException;

    /**
     * A member of the value that was shown expires, or the cron job is due; comes behind all
     * members.
     */
    void expires(Element member, long expiryMillis) throws RdbException;
}

package io.keydb.server.value.cron;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.ValueType;

/**
 * Cron jobs as a type of value; see {@link CronJob}. A job carries the mark of values that have to
 * be looked at as time goes by, {@link Record#membersExpire}.
 *
 * <p>Threads: stateless.
 */
public final class CronType implements ValueType {
    @Override
    public String name() {
        return "keydb.cron";
    }

    @Override
    public String encodingName(long record) {
        return "raw";
    }

    @Override
    public long size(long record) {
        return 1;
    }

    @Override
    public long ownedBytes(long record) {
        return Blob.ownedBytes(record);
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        Blob.copy(allocator, from, to);
        Record.setMembersExpire(to, true);
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        Blob.freeOwned(allocator, record);
        return budget;
    }
}

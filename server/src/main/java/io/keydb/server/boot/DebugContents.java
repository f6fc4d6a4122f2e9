package io.keydb.server.boot;

import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.observability.EngineProbe;
import io.keydb.server.persistence.DumpCommands;
import io.keydb.server.persistence.Persistence;
import io.keydb.server.persistence.Reload;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.replication.Replication;
import io.keydb.server.scripting.Scripting;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What DEBUG asks of replication, scripting and persistence.
 *
 * <p>Threads: safe, as its parts are.
 */
final class DebugContents implements EngineProbe.Contents {
    private final Parts parts;

    /** Whom it asks. */
    record Parts(
            Keyspace keyspace,
            Conditions conditions,
            Replication replication,
            Scripting scripting,
            Persistence persistence,
            Reload reload,
            DumpCommands dumps,
            Supplier<Cron> cron) {}

    DebugContents(Parts parts) {
        this.parts = parts;
    }

    @Override
    public String digest() {
        return parts.replication().digest();
    }

    @Override
    public void replicate(List<byte[]> words) {
        parts.replication().replicate(words);
    }

    @Override
    public void changeReplicationId() {
        parts.replication().changeId();
    }

    @Override
    public void pauseCron(boolean paused) {
        parts.cron().get().paused(paused);
    }

    @Override
    public void scriptsMayCallAll(boolean yes) {
        parts.scripting().deniesNothing(yes);
    }

    @Override
    public void checksumMatters(boolean matters) {
        parts.dumps().checksumMatters(matters);
    }

    @Override
    public void reload(boolean saves, boolean flushes, boolean merges) throws IOException {
        parts.reload().run(saves, flushes, merges);
        parts.persistence().saves().forgetChanges();
    }

    @Override
    public void failSaves() {
        parts.persistence().failSaves();
    }

    @Override
    public void delayAppending(long micros) {
        parts.persistence().appendOnly().delay(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    @Override
    public void loadAppendOnly() throws IOException {
        parts.conditions().raise(Condition.LOADING);
        try {
            parts.persistence().appendOnly().reload(parts.reload()::clear);
            parts.persistence().saves().forgetChanges();
        } finally {
            parts.conditions().clear(Condition.LOADING);
        }
    }

    @Override
    public long serializedLength(long record) {
        try (OffHeapBuffer bytes = new OffHeapBuffer(parts.keyspace().pages())) {
            DumpPayload.write(record, bytes);
            return bytes.length() - DumpPayload.FRAME;
        }
    }
}

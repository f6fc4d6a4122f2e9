package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
import java.nio.charset.StandardCharsets;

/**
 * The state of a key as a command that brings it about, whatever was there before:
 *
 * <pre>
 *   SET key value [PXAT unix-milliseconds]                   a string
 *   RESTORE key unix-milliseconds|0 value REPLACE [ABSTTL]   any other value
 *   DEL key                                                  none
 * </pre>
 *
 * <p>Threads: confined to the thread that runs the unit; the key's lock is held.
 */
public final class StateEffects {
    static final byte[] FLUSHDB = ascii("FLUSHDB");

    private static final byte[] SET = ascii("SET");
    private static final byte[] DEL = ascii("DEL");
    private static final byte[] PXAT = ascii("PXAT");

    private static final byte[] RESTORE = ascii("RESTORE");
    private static final byte[] REPLACE = ascii("REPLACE");
    private static final byte[] ABSTTL = ascii("ABSTTL");

    private StateEffects() {}

    /** Appends the state of a key to the effects. */
    public static void write(Effects effects, Database database, Key key, StateForm form) {
        long record = database.stored(key);
        if (record == 0) {
            effects.command(database.index(), 2).argument(DEL);
            effects.argument(key.address(), key.length());
            return;
        }
        boolean expires = Record.hasExpiry(record);
        if (Record.type(record) != Record.STRING) {
            restore(effects, database, key, record, form);
            return;
        }
        effects.command(database.index(), expires ? 5 : 3).argument(SET);
        effects.argument(key.address(), key.length());
        if (Record.encoding(record) == Record.INT) {
            effects.argument(StringValue.integer(record));
        } else {
            effects.argument(StringValue.address(record), StringValue.length(record));
        }
        if (expires) {
            effects.argument(PXAT).argument(Record.expiry(record));
        }
    }

    private static void restore(
            Effects effects, Database database, Key key, long record, StateForm form) {
        boolean expires = Record.hasExpiry(record);
        effects.command(database.index(), expires ? 6 : 5).argument(RESTORE);
        effects.argument(key.address(), key.length());
        effects.argument(expires ? Record.expiry(record) : 0);
        try (OffHeapBuffer value = new OffHeapBuffer(database.keyspace().pages())) {
            form.dump(record, value);
            effects.argument(value.address(), value.length());
        }
        effects.argument(REPLACE);
        if (expires) {
            effects.argument(ABSTTL);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

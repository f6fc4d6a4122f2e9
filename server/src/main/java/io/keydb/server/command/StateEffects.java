package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
import java.nio.charset.StandardCharsets;

/**
 * The state of a key as a command that brings it about, whatever was there before.
 *
 * <p>Threads: confined to the thread that runs the unit; the key's lock is held.
 */
public final class StateEffects {
    static final byte[] FLUSHDB = ascii("FLUSHDB");

    private static final byte[] SET = ascii("SET");
    private static final byte[] DEL = ascii("DEL");
    private static final byte[] PXAT = ascii("PXAT");

    private StateEffects() {}

    /** Writes {@code SET key value [PXAT unix-milliseconds]} or {@code DEL key}. */
    public static void write(Effects effects, Database database, Key key) {
        long record = database.stored(key);
        if (record == 0) {
            effects.command(database.index(), 2).argument(DEL);
            effects.argument(key.address(), key.length());
            return;
        }
        boolean expires = Record.hasExpiry(record);
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

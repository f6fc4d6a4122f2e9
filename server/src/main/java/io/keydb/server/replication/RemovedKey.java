package io.keydb.server.replication;

import io.keydb.server.log.PlainUnit;
import io.keydb.server.log.SelectCommands;
import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * DEL of one key, in the plain dialect.
 *
 * <p>Threads: immutable; nobody changes the array.
 */
record RemovedKey(byte[] key, int wanted, SelectCommands selects) implements PlainUnit {
    private static final byte[] LINE_END = {'\r', '\n'};

    private byte[] head() {
        String text = "*2\r\n$3\r\nDEL\r\n$" + key.length + "\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int length(int database) {
        return selects.length(database, wanted) + head().length + key.length + LINE_END.length;
    }

    @Override
    public int begin(int database) {
        return database < 0 ? wanted : database;
    }

    @Override
    public int write(long to, int database) {
        long at = selects.write(to, database, wanted);
        at = put(at, head());
        at = put(at, key);
        put(at, LINE_END);
        return wanted;
    }

    private static long put(long at, byte[] bytes) {
        Memory.copyIn(bytes, 0, at, bytes.length);
        return at + bytes.length;
    }
}

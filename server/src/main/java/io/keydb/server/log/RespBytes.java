package io.keydb.server.log;

import io.keydb.server.memory.Memory;

/**
 * Commands that are in RESP already, such as another node sent them.
 *
 * <p>Threads: immutable; the bytes belong to the caller.
 *
 * @param begin the database they begin in
 * @param end the database that is selected behind them
 */
public record RespBytes(long address, int length, int begin, int end, SelectCommands selects)
        implements PlainUnit {
    @Override
    public int length(int database) {
        return selects.length(database, begin) + length;
    }

    @Override
    public int write(long to, int database) {
        long at = selects.write(to, database, begin);
        Memory.copy(address, at, length);
        return end;
    }
}

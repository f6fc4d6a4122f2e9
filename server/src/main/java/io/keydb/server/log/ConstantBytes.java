package io.keydb.server.log;

import io.keydb.server.memory.Memory;

/**
 * A command that is about no database, such as PING.
 *
 * <p>Threads: immutable; nobody changes the array.
 */
public final class ConstantBytes implements PlainUnit {
    private final byte[] bytes;

    public ConstantBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int length(int database) {
        return bytes.length;
    }

    @Override
    public int write(long to, int database) {
        Memory.copyIn(bytes, 0, to, bytes.length);
        return database;
    }
}

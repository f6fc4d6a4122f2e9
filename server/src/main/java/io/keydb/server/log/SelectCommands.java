package io.keydb.server.log;

/**
 * {@code SELECT} for every database, made once.
 *
 * <p>Threads: immutable.
 */
public final class SelectCommands {
    private final byte[][] byDatabase;

    public SelectCommands(int databases) {
        byDatabase = new byte[databases][];
        for (int i = 0; i < databases; i++) {
            byDatabase[i] = RespText.select(i);
        }
    }

    byte[] select(int database) {
        return byDatabase[database];
    }

    /** Length of what is needed to get from one database to another. */
    public int length(int from, int to) {
        return from == to ? 0 : byDatabase[to].length;
    }

    /** Writes what is needed to get from one database to another; gives the address behind it. */
    public long write(long at, int from, int to) {
        return from == to ? at : RespText.put(at, byDatabase[to]);
    }
}

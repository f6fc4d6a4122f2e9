package io.keydb.server.log;

/**
 * Bytes on their way into the log, in the plain dialect.
 *
 * <p>Threads: used under the lock of the log.
 */
public interface PlainUnit {
    /** No bytes at all. */
    PlainUnit NOTHING =
            new PlainUnit() {
                @Override
                public int length(int database) {
                    return 0;
                }

                @Override
                public int write(long to, int database) {
                    return database;
                }
            };

    /**
     * How many bytes there will be.
     *
     * @param database the database that the bytes before have selected, -1 when unknown
     */
    int length(int database);

    /** Writes them; gives the database that is selected afterwards. */
    int write(long to, int database);
}

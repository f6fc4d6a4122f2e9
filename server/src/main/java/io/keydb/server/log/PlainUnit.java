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

    /**
     * The database in which the bytes begin, SELECT at their start or not.
     *
     * @param database the database that the bytes before have selected, -1 when unknown
     */
    default int begin(int database) {
        return Math.max(database, 0);
    }

    /** Writes them; gives the database that is selected afterwards. */
    int write(long to, int database);
}

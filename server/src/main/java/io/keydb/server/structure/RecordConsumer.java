package io.keydb.server.structure;

/**
 * Is shown records of a table, one by one; must not change the table while it is being shown them.
 */
@FunctionalInterface
public interface RecordConsumer {
    void accept(long record);
}

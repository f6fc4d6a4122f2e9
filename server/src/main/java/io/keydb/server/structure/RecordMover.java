package io.keydb.server.structure;

/** Puts a record elsewhere, or leaves it, and gives where it is. */
@FunctionalInterface
public interface RecordMover {
    /** The record's address from now on. The table it lies in may not change otherwise. */
    long move(long record);
}

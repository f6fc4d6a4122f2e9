package io.keydb.server.structure;

/** What is sought in a {@link CountedTree}: says where it belongs relative to a separator. */
@FunctionalInterface
public interface SeparatorOrder {

    /** Negative when what is sought comes before the separator, zero or positive otherwise. */
    int compareTo(long high, long low);
}

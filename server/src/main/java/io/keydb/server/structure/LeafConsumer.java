package io.keydb.server.structure;

/** Is given the leaves of a {@link CountedTree}, one by one. */
@FunctionalInterface
public interface LeafConsumer {

    /**
     * Takes a leaf.
     *
     * @param leaf its address
     * @param count its elements
     */
    void accept(long leaf, long count);
}

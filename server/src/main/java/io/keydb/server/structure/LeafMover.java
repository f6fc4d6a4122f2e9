package io.keydb.server.structure;

/** Puts a leaf of a {@link CountedTree} elsewhere, or leaves it, and gives where it is. */
@FunctionalInterface
public interface LeafMover {
    /** The leaf's address from now on. */
    long move(long leaf);
}

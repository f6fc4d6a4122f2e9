package io.keydb.server.log;

/**
 * Where a unit was first written: a node, in one of its runs. A run is the life of one server
 * process. Its number grows with every start of the node, and the units of the run are numbered
 * {@code run + 1, run + 2, ...} without a gap; so a restart without data can neither reuse a number
 * that peers have seen, nor hide what the run before left half delivered.
 *
 * <p>Threads: immutable.
 */
public record Origin(NodeId node, long run) implements Comparable<Origin> {

    public Origin {
        if (run < 0) {
            throw new IllegalArgumentException("negative run " + run);
        }
    }

    @Override
    public int compareTo(Origin other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : Long.compare(run, other.run);
    }

    @Override
    public String toString() {
        return node + ":" + run;
    }
}

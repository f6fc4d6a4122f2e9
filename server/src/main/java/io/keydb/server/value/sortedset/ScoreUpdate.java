package io.keydb.server.value.sortedset;

import io.keydb.server.value.Holder;

/**
 * Sets the score of one member after the other under the conditions of ZADD, and tells what became
 * of each.
 *
 * <p>Threads: confined to its owner.
 */
public final class ScoreUpdate {
    /** What became of a member. */
    public enum Outcome {
        /** It is new. */
        ADDED,
        /** Its score is another now. */
        UPDATED,
        /** It had that score. */
        SAME,
        /** A condition did not hold. */
        SKIPPED,
        /** The sum of the scores is no number; nothing was done. */
        NOT_A_NUMBER
    }

    private boolean onlyNew;
    private boolean onlyPresent;
    private boolean onlyGreater;
    private boolean onlyLess;
    private boolean adding;
    private double score;

    /** Forgets all conditions; gives itself. */
    public ScoreUpdate clear() {
        onlyNew = false;
        onlyPresent = false;
        onlyGreater = false;
        onlyLess = false;
        adding = false;
        return this;
    }

    /** NX: members that are there stay as they are. */
    public void onlyNew() {
        onlyNew = true;
    }

    /** XX: no member is added. */
    public void onlyPresent() {
        onlyPresent = true;
    }

    /** GT: a score that is there only becomes greater. */
    public void onlyGreater() {
        onlyGreater = true;
    }

    /** LT: a score that is there only becomes less. */
    public void onlyLess() {
        onlyLess = true;
    }

    /** INCR: scores are added to those that are there. */
    public void adding() {
        adding = true;
    }

    public boolean isAdding() {
        return adding;
    }

    public boolean isOnlyPresent() {
        return onlyPresent;
    }

    /** Whether NX and XX are both asked for. */
    public boolean contradictsPresence() {
        return onlyNew && onlyPresent;
    }

    /** Whether two of GT, LT and NX are asked for. */
    public boolean contradictsOrder() {
        return (onlyGreater && (onlyNew || onlyLess)) || (onlyLess && onlyNew);
    }

    /** The score that the member of the last call has now; for all outcomes but SKIPPED. */
    public double score() {
        return score;
    }

    /** Does what the conditions allow with one member. */
    public Outcome apply(Holder holder, long address, int length, double given) {
        long record = holder.record();
        long place = SortedSet.find(record, address, length);
        if (place == 0) {
            if (onlyPresent) {
                return Outcome.SKIPPED;
            }
            score = given;
            SortedSet.insert(holder, address, length, given);
            return Outcome.ADDED;
        }
        if (onlyNew) {
            return Outcome.SKIPPED;
        }
        double old = SortedSet.score(record, place);
        double wanted = adding ? old + given : given;
        if (Double.isNaN(wanted)) {
            return Outcome.NOT_A_NUMBER;
        }
        if ((onlyLess && wanted >= old) || (onlyGreater && wanted <= old)) {
            return Outcome.SKIPPED;
        }
        score = wanted;
        if (wanted == old) {
            return Outcome.SAME;
        }
        SortedSet.update(holder, place, address, length, wanted);
        return Outcome.UPDATED;
    }
}

package io.keydb.server.log;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The origins this process has heard of, numbered. Records, tombstones and log entries name an
 * origin by its small number, which means something in this process only.
 *
 * <p>Threads: safe. Reading a number takes no lock: the array is replaced, never changed, when an
 * origin is added.
 */
public final class Origins {
    /** What fits the 16 bits a record has for it. */
    public static final int MOST = 1 << 16;

    private final Map<Origin, Integer> numbers = new HashMap<>();
    private volatile Origin[] byNumber = {};

    /** A table in which {@code own} has the number 0. */
    public Origins(Origin own) {
        number(own);
    }

    /** This process as an origin; its number is 0. */
    public Origin own() {
        return byNumber[0];
    }

    /**
     * The number of the origin, a new one when it was not known.
     *
     * @throws IllegalStateException when there are no numbers left
     */
    public synchronized int number(Origin origin) {
        Integer known = numbers.get(origin);
        if (known != null) {
            return known;
        }
        int number = byNumber.length;
        if (number == MOST) {
            throw new IllegalStateException("more than " + MOST + " origins; restart the node");
        }
        Origin[] longer = Arrays.copyOf(byNumber, number + 1);
        longer[number] = origin;
        numbers.put(origin, number);
        byNumber = longer;
        return number;
    }

    public Origin origin(int number) {
        return byNumber[number];
    }

    public int count() {
        return byNumber.length;
    }

    /**
     * Compares two changes by stamp, then by origin: the order in which all nodes let changes win.
     */
    public int compare(long stamp, int origin, long otherStamp, int otherOrigin) {
        if (stamp != otherStamp) {
            return Long.compare(stamp, otherStamp);
        }
        return origin == otherOrigin ? 0 : origin(origin).compareTo(origin(otherOrigin));
    }
}

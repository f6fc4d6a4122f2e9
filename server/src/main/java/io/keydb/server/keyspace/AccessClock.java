package io.keydb.server.keyspace;

import io.keydb.server.structure.Record;
import io.keydb.server.support.Clock;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the access field of a record says, and how it follows every access.
 *
 * <pre>
 *   usually              | seconds of the last access, modulo 2^24 (194 days)        |
 *   under an LFU policy  | minutes of the last access, modulo 2^16  | counter (8)    |
 * </pre>
 *
 * The counter rises with the logarithm of the number of accesses: from {@code n} it goes to {@code
 * n + 1} with probability {@code 1 / ((n - 5) * lfu-log-factor + 1)}. It falls by one for every
 * {@code lfu-decay-time} minutes without an access. A new key starts at 5, so that it is not the
 * first to go.
 *
 * <p>What is counted changes with the policy; fields of the other kind are then misread until the
 * keys are accessed again, as in stock servers.
 *
 * <p>Threads: a record needs its partition's lock; all else is safe.
 */
public final class AccessClock {
    /** The counter of a new key. */
    private static final int FIRST_COUNT = 5;

    private static final int MOST_COUNT = 255;
    private static final int COUNT_BITS = 8;
    private static final int SECONDS_MASK = 0xFFFFFF;
    private static final int MINUTES_MASK = 0xFFFF;
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int MILLIS_PER_MINUTE = 60_000;

    /** In place of the seconds: accesses are counted. */
    private static final int COUNTING = -1;

    private final Clock clock;

    /** What an access leaves in the field, or {@link #COUNTING}. */
    private volatile int mark;

    private volatile long seconds;
    private volatile int minutes;
    private volatile MemoryPolicy.Order kept = MemoryPolicy.Order.NONE;
    private volatile boolean decisive;
    private volatile long logFactor = 10;
    private volatile long decayMinutes = 1;

    AccessClock(Clock clock) {
        this.clock = clock;
        tick();
    }

    /** Brings the clock up to date; called a few times a second. */
    void tick() {
        long now = clock.millis();
        seconds = now / MILLIS_PER_SECOND;
        minutes = (int) (now / MILLIS_PER_MINUTE) & MINUTES_MASK;
        mark = isCounting() ? COUNTING : (int) seconds & SECONDS_MASK;
    }

    /**
     * By what the policy goes: for frequency accesses are counted from now on, else their times
     * kept.
     *
     * @param isLimited whether there is a limit, so that it matters
     */
    public void follow(MemoryPolicy policy, boolean isLimited) {
        kept = policy.order();
        decisive = isLimited && policy.looksAtAccesses();
        tick();
    }

    /** Whether accesses are counted. */
    public boolean isCounting() {
        return kept == MemoryPolicy.Order.FREQUENCY;
    }

    /** By what the policy goes. */
    public MemoryPolicy.Order kept() {
        return kept;
    }

    /** Whether keys are evicted by their accesses, so that no two of them may share a value. */
    public boolean isDecisive() {
        return decisive;
    }

    /** How the counter rises and falls: {@code lfu-log-factor}, {@code lfu-decay-time}. */
    public void counter(long newLogFactor, long newDecayMinutes) {
        logFactor = newLogFactor;
        decayMinutes = newDecayMinutes;
    }

    /** Notes an access. */
    void accessed(long record) {
        int now = mark;
        if (now == COUNTING) {
            count(record);
        } else if (Record.access(record) != now) {
            Record.setAccess(record, now);
        }
    }

    private void count(long record) {
        int count = frequency(record);
        if (count < MOST_COUNT) {
            double above = Math.max(0, count - FIRST_COUNT);
            if (ThreadLocalRandom.current().nextDouble() * (above * logFactor + 1) < 1) {
                count++;
            }
        }
        frequency(record, count);
    }

    /** Notes the first access to a new key. */
    public void inserted(long record) {
        int now = mark;
        if (now == COUNTING) {
            frequency(record, FIRST_COUNT);
        } else {
            Record.setAccess(record, now);
        }
    }

    /** A record takes the place of the old one of its key. */
    void replaced(long old, long record) {
        int now = mark;
        Record.setAccess(record, now == COUNTING ? Record.access(old) : now);
    }

    /** Milliseconds since the record was last accessed, in steps of a second. */
    public long idleMillis(long record) {
        return secondsIdle(record) * MILLIS_PER_SECOND;
    }

    /** Makes it so that the record was last accessed so many seconds ago. */
    public void idleSeconds(long record, long idle) {
        long most = SECONDS_MASK;
        Record.setAccess(record, (int) (seconds - Math.min(idle, most)) & SECONDS_MASK);
    }

    /** The counter of accesses, 0 to 255, as it is after the time without any. */
    public int frequency(long record) {
        int access = Record.access(record);
        int count = access & MOST_COUNT;
        long periods = decayMinutes == 0 ? 0 : minutesIdle(access) / decayMinutes;
        return (int) Math.max(0, count - periods);
    }

    /** Sets the counter of accesses, 0 to 255, as of now. */
    public void frequency(long record, int count) {
        Record.setAccess(record, minutes << COUNT_BITS | count);
    }

    private long secondsIdle(long record) {
        return (seconds - Record.access(record)) & SECONDS_MASK;
    }

    private long minutesIdle(int access) {
        return (minutes - (access >>> COUNT_BITS)) & MINUTES_MASK;
    }

    /** Seconds since the record was last accessed. */
    public long idleSeconds(long record) {
        return secondsIdle(record);
    }

    /**
     * Says of a key that came from elsewhere when or how often it was accessed, whichever is kept;
     * what is negative is not known.
     */
    public void restore(long record, long idle, int count) {
        if (isCounting()) {
            if (count >= 0) {
                frequency(record, count);
            }
        } else if (idle >= 0) {
            idleSeconds(record, idle);
        }
    }

    /** A number that is the smaller the longer ago the record was accessed. */
    public long recency(long record) {
        return seconds - secondsIdle(record);
    }

    /**
     * A number that is the smaller the less often the record is accessed; among equals, the longer
     * ago the last access.
     */
    public long rarity(long record) {
        long age = minutesIdle(Record.access(record));
        return ((long) frequency(record) << 16) + MINUTES_MASK - age;
    }
}

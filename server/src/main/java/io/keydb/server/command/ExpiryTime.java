package io.keydb.server.command;

/**
 * Times of expiry as commands give them: in seconds or milliseconds, from now or since the epoch.
 *
 * <p>Threads: immutable.
 */
public enum ExpiryTime {
    SECONDS_FROM_NOW(1000, true),
    MILLIS_FROM_NOW(1, true),
    SECONDS(1000, false),
    MILLIS(1, false);

    private final long millisPerUnit;
    private final boolean relative;

    ExpiryTime(long millisPerUnit, boolean relative) {
        this.millisPerUnit = millisPerUnit;
        this.relative = relative;
    }

    /**
     * Argument {@code i} in unix milliseconds.
     *
     * @throws CommandError when it is no integer or beyond what time allows
     */
    public long unixMillis(Call call, int i) {
        long value = call.integer(i);
        if (value > Long.MAX_VALUE / millisPerUnit || value < Long.MIN_VALUE / millisPerUnit) {
            throw Errors.invalidExpiry(call.command().fullName());
        }
        long millis = value * millisPerUnit;
        if (relative) {
            long now = call.nowMillis();
            if (millis > Long.MAX_VALUE - now) {
                throw Errors.invalidExpiry(call.command().fullName());
            }
            millis += now;
        }
        return millis;
    }

    /**
     * As {@link #unixMillis}, and not positive is an error too: what SET and its kin ask for.
     *
     * @throws CommandError when it is no integer, not positive or beyond what time allows
     */
    public long positiveUnixMillis(Call call, int i) {
        if (call.integer(i) <= 0) {
            throw Errors.invalidExpiry(call.command().fullName());
        }
        return unixMillis(call, i);
    }
}

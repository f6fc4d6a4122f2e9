package io.keydb.server.command.string;

import io.keydb.server.command.Call;
import io.keydb.server.command.Errors;
import io.keydb.server.command.ExpiryTime;
import org.jspecify.annotations.Nullable;

/**
 * The options of SET and GETEX, read without allocating.
 *
 * <p>Threads: confined to one thread; read anew for every command.
 */
final class SetOptions {
    private static final ThreadLocal<SetOptions> OF_THREAD =
            ThreadLocal.withInitial(SetOptions::new);

    private boolean onlyIfAbsent;
    private boolean onlyIfPresent;
    private boolean keepsExpiry;
    private boolean get;
    private boolean persist;
    private @Nullable ExpiryTime expiryTime;
    private int expiryAt;
    private long expiry;

    private SetOptions() {}

    /** Options of SET, from argument {@code from} on. */
    static SetOptions ofSet(Call call, int from) {
        return OF_THREAD.get().read(call, from, true).resolve(call);
    }

    /**
     * Options of GETEX, from argument {@code from} on; the expiry is to be worked out once the key
     * is known to exist.
     */
    static SetOptions ofGetEx(Call call, int from) {
        return OF_THREAD.get().read(call, from, false);
    }

    boolean onlyIfAbsent() {
        return onlyIfAbsent;
    }

    boolean onlyIfPresent() {
        return onlyIfPresent;
    }

    boolean keepsExpiry() {
        return keepsExpiry;
    }

    boolean get() {
        return get;
    }

    boolean persist() {
        return persist;
    }

    boolean hasExpiry() {
        return expiryTime != null;
    }

    /** Whether the request says the expiry in the way a copy understands for ever. */
    boolean isExpiryLasting() {
        return expiryTime == ExpiryTime.MILLIS;
    }

    /** Unix milliseconds. */
    long expiry() {
        return expiry;
    }

    private SetOptions read(Call call, int from, boolean set) {
        onlyIfAbsent = false;
        onlyIfPresent = false;
        keepsExpiry = false;
        get = false;
        persist = false;
        expiryTime = null;
        expiryAt = 0;
        for (int i = from; i < call.count(); i++) {
            if (!(set ? readSetOption(call, i) : readPersist(call, i))) {
                expiryTime = expiryOption(call, i);
                expiryAt = ++i;
            }
        }
        return this;
    }

    /**
     * Works out the expiry.
     *
     * @throws io.keydb.server.command.CommandError when it is no integer, not positive or beyond
     *     what time allows
     */
    SetOptions resolve(Call call) {
        expiry = expiryTime == null ? 0 : expiryTime.positiveUnixMillis(call, expiryAt);
        return this;
    }

    private boolean readSetOption(Call call, int i) {
        if (call.is(i, "NX") && !onlyIfPresent) {
            onlyIfAbsent = true;
        } else if (call.is(i, "XX") && !onlyIfAbsent) {
            onlyIfPresent = true;
        } else if (call.is(i, "GET")) {
            get = true;
        } else if (call.is(i, "KEEPTTL") && expiryTime == null) {
            keepsExpiry = true;
        } else {
            return false;
        }
        return true;
    }

    private boolean readPersist(Call call, int i) {
        if (call.is(i, "PERSIST") && expiryTime == null) {
            persist = true;
            return true;
        }
        return false;
    }

    private ExpiryTime expiryOption(Call call, int i) {
        if (keepsExpiry || persist || i + 1 >= call.count()) {
            throw Errors.SYNTAX;
        }
        ExpiryTime named;
        if (call.is(i, "EX")) {
            named = ExpiryTime.SECONDS_FROM_NOW;
        } else if (call.is(i, "PX")) {
            named = ExpiryTime.MILLIS_FROM_NOW;
        } else if (call.is(i, "EXAT")) {
            named = ExpiryTime.SECONDS;
        } else if (call.is(i, "PXAT")) {
            named = ExpiryTime.MILLIS;
        } else {
            throw Errors.SYNTAX;
        }
        // The same option given again counts; another one contradicts.
        if (expiryTime != null && expiryTime != named) {
            throw Errors.SYNTAX;
        }
        return named;
    }
}

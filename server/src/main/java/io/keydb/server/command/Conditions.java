package io.keydb.server.command;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that hold now. Subsystems raise and clear them; the dispatcher tests them with one
 * AND against what the command is refused under.
 *
 * <p>Threads: safe.
 */
public final class Conditions {
    private static final int PAUSED = 1 << 31;

    private final AtomicInteger bits = new AtomicInteger();
    private volatile CommandError appendingError = Condition.APPENDING_FAILED.error();

    public void raise(Condition condition) {
        bits.getAndUpdate(old -> old | condition.bit());
    }

    public void clear(Condition condition) {
        bits.getAndUpdate(old -> old & ~condition.bit());
    }

    public void set(Condition condition, boolean holds) {
        if (holds) {
            raise(condition);
        } else {
            clear(condition);
        }
    }

    public boolean holds(Condition condition) {
        return (bits.get() & condition.bit()) != 0;
    }

    /** Says whether commands may have to wait: CLIENT PAUSE. */
    void paused(boolean yes) {
        bits.getAndUpdate(old -> yes ? old | PAUSED : old & ~PAUSED);
    }

    boolean isPaused() {
        return (bits.get() & PAUSED) != 0;
    }

    /** Writes are refused, because the append-only file could not be written. */
    public void appendingFailed(String reason) {
        appendingError = new CommandError("MISCONF Errors writing to the AOF file: " + reason);
        raise(Condition.APPENDING_FAILED);
    }

    /** What a command is told that is refused in the condition. */
    public CommandError error(Condition condition) {
        return condition == Condition.APPENDING_FAILED ? appendingError : condition.error();
    }

    /** The error while a script has been running for long, else null. */
    @Nullable CommandError busy() {
        if (holds(Condition.BUSY_SCRIPT)) {
            return Condition.BUSY_SCRIPT.error();
        }
        return holds(Condition.BUSY_FUNCTION) ? Condition.BUSY_FUNCTION.error() : null;
    }

    int bits() {
        return bits.get();
    }
}

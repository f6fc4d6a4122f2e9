package io.keydb.server.command;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * An object that a family of commands would need anew for every command: each {@link Call} keeps
 * one of it instead, made when it is first asked for.
 *
 * <pre>
 *   private static final Reused&lt;ScoreUpdate&gt; UPDATE = Reused.of(ScoreUpdate::new);
 *   ...
 *   ScoreUpdate update = call.reused(UPDATE).clear();
 * </pre>
 *
 * <p>Threads: immutable; the objects are as confined as their call.
 */
public final class Reused<T> {
    private static final AtomicInteger DECLARED = new AtomicInteger();

    private final int slot = DECLARED.getAndIncrement();
    private final Supplier<T> maker;

    private Reused(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Declares one, as a constant. */
    public static <T> Reused<T> of(Supplier<T> maker) {
        return new Reused<>(maker);
    }

    /** Its place among all that are declared. */
    int slot() {
        return slot;
    }

    T make() {
        return maker.get();
    }
}

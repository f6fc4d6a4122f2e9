package io.keydb.server.persistence;

import io.keydb.server.config.Setting;
import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The pace that {@code rdb-key-save-delay} and {@code key-load-delay} ask for: microseconds for
 * each key, or, negative, so many keys for each microsecond.
 *
 * <p>Threads: confined to the thread that is held up.
 */
public final class KeyDelay implements DataForm.Pace {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Clock clock;
    private final Setting<Long> delay;
    private final BooleanSupplier isCancelled;

    public KeyDelay(Clock clock, Setting<Long> delay, BooleanSupplier isCancelled) {
        this.clock = clock;
        this.delay = delay;
        this.isCancelled = isCancelled;
    }

    @Override
    public void keysDone(long keys) {
        long each = delay.value();
        if (each == 0 || keys == 0) {
            return;
        }
        long micros = each > 0 ? keys * each : keys / -each;
        long end = clock.nanos() + TimeUnit.MICROSECONDS.toNanos(micros);
        for (long left = end - clock.nanos();
                left > 0 && delay.value() != 0 && !isCancelled.getAsBoolean();
                left = end - clock.nanos()) {
            LockSupport.parkNanos(Math.min(left, STEP_NANOS));
        }
    }
}

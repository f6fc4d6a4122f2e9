package io.keydb.server.support;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. */
public final class TestClock implements Clock {

    private final AtomicLong nanos;

    public TestClock(long unixMillis) {
        nanos = new AtomicLong(unixMillis * 1_000_000);
    }

    @Override
    public long millis() {
        return nanos.get() / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    public void advanceMillis(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    public void setMillis(long unixMillis) {
        nanos.set(unixMillis * 1_000_000);
    }
}

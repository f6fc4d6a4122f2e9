package io.keydb.server.net;

import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Netty's receive allocator as connections want it: one object for each, one read for each event.
 * Where a read goes is decided by whoever extends it.
 *
 * <p>Threads: confined to the connection's event loop.
 */
abstract class SingleRead implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {

    private int lastRead;
    private int attempted;

    @Override
    public SingleRead newHandle() {
        return this;
    }

    @Override
    public int guess() {
        return EventLoop.BLOCK_BYTES;
    }

    @Override
    public void reset(ChannelConfig config) {
        lastRead = 0;
        attempted = 0;
    }

    @Override
    public void incMessagesRead(int messages) {
        // one read for each event: there is nothing to count
    }

    @Override
    public void lastBytesRead(int bytes) {
        lastRead = bytes;
    }

    @Override
    public int lastBytesRead() {
        return lastRead;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attempted;
    }

    @Override
    public boolean continueReading() {
        if (lastRead < attempted) {
            lastRead = 0;
        }
        return false;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
        return continueReading();
    }

    @Override
    public void readComplete() {
        // nothing is learnt from a read
    }
}

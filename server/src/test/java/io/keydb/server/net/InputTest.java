package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Claim: the buffer of a request is as large as the request says, and no larger. */
class InputTest {
    private static final int ARGUMENT_BYTES = 300_000;
    private static final int FEW = 100;
    private static final int SMALL_TAIL = 16 * 1024;

    private final long memoryBefore = NativeHeap.allocatedBytes();
    private final DefaultEventLoop executor = new DefaultEventLoop();
    private final EventLoop loop = new EventLoop(executor, 0);
    private final Input input = new Input(loop);

    @AfterEach
    void close() {
        input.close();
        loop.close();
        executor.shutdownGracefully();
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(memoryBefore);
    }

    private ByteBuf room() {
        return input.allocate(UnpooledByteBufAllocator.DEFAULT);
    }

    /** Receives bytes of an argument that lacks so many more behind them. */
    private void receive(int bytes, int missing) {
        for (int left = bytes; left > 0; ) {
            ByteBuf room = room();
            int read = Math.min(left, room.writableBytes());
            room.writeZero(read);
            left -= read;
            input.landed((Block) room);
            input.settle(left + missing);
        }
    }

    @Test
    void theLastBytesOfABigArgumentNeedNoLargerBuffer() {
        receive(ARGUMENT_BYTES - FEW, FEW);
        long held = input.bytesHeld();
        assertThat(held).isBetween((long) ARGUMENT_BYTES, (long) ARGUMENT_BYTES + SMALL_TAIL);
        receive(FEW - 1, 1);
        assertThat(input.bytesHeld()).isEqualTo(held);
        receive(1, 0);
        assertThat(input.bytesHeld()).isEqualTo(held);
        assertThat(input.bytesUnused()).isEqualTo(ARGUMENT_BYTES);
    }

    @Test
    void whereNothingIsKnownThereIsRoomForMore() {
        receive(ARGUMENT_BYTES, 0);
        assertThat(room().writableBytes()).isGreaterThanOrEqualTo(SMALL_TAIL);
    }

    @Test
    void aSmallArgumentBehindABigOneMakesTheBufferGrow() {
        receive(ARGUMENT_BYTES, FEW);
        receive(FEW, FEW); // the next one begins
        assertThat(room().writableBytes()).isGreaterThanOrEqualTo(FEW);
        assertThat(input.bytesUnused()).isEqualTo(ARGUMENT_BYTES + FEW);
    }
}

package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Claim: a link carries bytes both ways, and tells its end exactly once. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class OutboundLinkTest {

    private static final int TIMEOUT_MILLIS = 5000;

    @Parameter boolean epoll;

    private final long memoryBefore = NativeHeap.allocatedBytes();
    private final Lines lines = new Lines();
    private PingServer server;

    @BeforeEach
    void start() throws Exception {
        server = new PingServer(2, epoll).listen("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(lines.ends.get()).isEqualTo(1);
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(memoryBefore);
    }

    private OutboundLink connect(int port) {
        return connect(port, null);
    }

    private OutboundLink connect(int port, @Nullable InetAddress source) {
        InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        OutboundLink.Route route = new OutboundLink.Route(target, source, TIMEOUT_MILLIS);
        return OutboundLink.connect(server.loops, route, lines);
    }

    @Test
    void bytesGoBothWays() {
        OutboundLink link = connect(server.port());
        Wait.until("it is connected", () -> lines.connects.get() == 1);
        link.send("PING\r\nECHO hello\r\n".getBytes(StandardCharsets.US_ASCII));
        Wait.until("the replies are there", () -> lines.text().equals("+PONG|$5|hello|"));
        link.close();
        Wait.until("it is closed", () -> lines.ends.get() == 1);
        assertThat(lines.cause).isNull();
    }

    @Test
    void aLinkComesFromTheAddressItIsTold() {
        OutboundLink link = connect(server.port(), InetAddress.ofLiteral("127.0.0.3"));
        Wait.until("it is connected", () -> lines.connects.get() == 1 && server.opened.get() == 1);
        assertThat(server.last().remoteHost()).isEqualTo("127.0.0.3");
        assertThat(link.localAddress()).isNotNull();
        link.close();
        Wait.until("it is closed", () -> lines.ends.get() == 1);
    }

    @Test
    void anAddressThatIsNotHereDoesNotKeepALinkFromConnecting() {
        OutboundLink link = connect(server.port(), InetAddress.ofLiteral("192.0.2.1"));
        Wait.until("it is connected", () -> lines.connects.get() == 1 && server.opened.get() == 1);
        assertThat(server.last().remoteHost()).isEqualTo("127.0.0.1");
        link.close();
        Wait.until("it is closed", () -> lines.ends.get() == 1);
    }

    @Test
    void whatIsNotUsedUpIsPresentedAgain() {
        int size = 1 << 20;
        OutboundLink link = connect(server.port());
        link.eventLoop().execute(() -> {});
        Wait.until("it is connected", () -> lines.connects.get() == 1);
        link.send(("BIG " + size + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
        String expected = "$" + size + "|" + "x".repeat(size) + "|+PONG|";
        Wait.until("the replies are there", () -> lines.length() == expected.length());
        assertThat(lines.text().equals(expected)).isTrue();
        link.close();
    }

    @Test
    void refusedConnectionEndsWithACause() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        connect(port);
        Wait.until("it is closed", () -> lines.ends.get() == 1);
        assertThat(lines.cause).hasMessageContaining("refused");
        assertThat(lines.connects.get()).isZero();
    }

    @Test
    void endOfThePeerEndsTheLink() {
        connect(server.port());
        Wait.until("it is connected", () -> lines.connects.get() == 1 && server.opened.get() == 1);
        server.last().close();
        Wait.until("it is closed", () -> lines.ends.get() == 1);
    }

    /** Collects whole lines, and uses up nothing else. */
    private static final class Lines implements LinkHandler {

        final AtomicInteger connects = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        final AtomicReference<OutboundLink> link = new AtomicReference<>();
        private final StringBuilder text = new StringBuilder();
        volatile @Nullable Throwable cause;

        @Override
        public void connected(OutboundLink connected) {
            link.set(connected);
            connects.incrementAndGet();
        }

        @Override
        public int received(OutboundLink from, long address, int length) {
            byte[] bytes = Memory.bytes(address, length);
            int used = 0;
            for (int i = 0; i < length; i++) {
                if (bytes[i] == '\n') {
                    append(new String(bytes, used, i - 1 - used, StandardCharsets.US_ASCII));
                    used = i + 1;
                }
            }
            return used;
        }

        private synchronized void append(String line) {
            text.append(line).append('|');
        }

        synchronized String text() {
            return text.toString();
        }

        synchronized int length() {
            return text.length();
        }

        @Override
        public void closed(OutboundLink ended, @Nullable Throwable why) {
            cause = why;
            ends.incrementAndGet();
        }
    }
}

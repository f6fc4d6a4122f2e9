package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Claim: the server listens where it is told to, or says why it cannot. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class ListenersTest {
    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final int MARK = 0x8000_0007;

    @Parameter boolean epoll;

    private PingServer server;

    @BeforeEach
    void start() {
        server = new PingServer(2, epoll);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void listen(int port, String... words) throws ListenException {
        server.listeners.listen(Stream.of(words).map(BindAddress::parse).toList(), port);
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = other.getLocalPort();
            assertThatThrownBy(() -> listen(port, "127.0.0.2", "127.0.0.1"))
                    .isInstanceOf(ListenException.class)
                    .hasMessage(
                            "cannot listen on address 127.0.0.1, port "
                                    + port
                                    + ": Address already in use");
        }
        assertThat(server.listeners.addresses()).isEmpty();
    }

    @Test
    void socketsAreMarkedOrItIsSaidWhyNot() throws Exception {
        server.settings.socketMark(MARK);
        try {
            listen(0, "127.0.0.1");
        } catch (ListenException refused) {
            String why = epoll ? ".* \\(CAP_NET_ADMIN is needed\\)" : "not on this platform";
            assertThat(refused)
                    .hasMessageMatching(
                            "cannot listen on address 127.0.0.1, port 0: socket-mark-id: " + why);
            assertThat(server.listeners.addresses()).isEmpty();
            return;
        }
        try (Socket client = new Socket("127.0.0.1", server.port())) {
            int accepted = server.last().fileDescriptor();
            assertThat(client.isConnected()).isTrue();
            assertThat(new io.netty.channel.unix.Socket(accepted).getIntOpt(SOL_SOCKET, SO_MARK))
                    .isEqualTo(MARK);
        }
    }

    @Test
    void severalAddressesShareThePort() throws Exception {
        listen(0, "127.0.0.1", "127.0.0.2");
        for (String address : List.of("127.0.0.1", "127.0.0.2")) {
            try (RawClient client = new RawClient(address, server.port())) {
                assertThat(client.send("PING\r\n").receive(7)).isEqualTo("+PONG\r\n");
            }
        }
    }

    @Test
    void addressOfAnotherMachineIsAFailureUnlessOptional() throws Exception {
        assertThatThrownBy(() -> listen(0, "192.0.2.1"))
                .hasMessageContaining("192.0.2.1")
                .hasMessageContaining("Cannot assign requested address");
        listen(0, "-192.0.2.1", "127.0.0.1");
        assertThat(server.listeners.addresses()).hasSize(1);
    }

    @Test
    void optionalAddressesAloneAreNotEnough() {
        assertThatThrownBy(() -> listen(0, "-192.0.2.1")).isInstanceOf(ListenException.class);
    }

    @Test
    void unknownHostIsNamed() {
        assertThatThrownBy(() -> listen(0, "no-such-host.invalid"))
                .hasMessage("cannot listen on address no-such-host.invalid, port 0: unknown host");
    }

    @Test
    void allIpv4AndAllIpv6AddressesGoTogether() throws Exception {
        assumeTrue(epoll, "Java's own sockets for all IPv6 addresses take the IPv4 ones, too");
        listen(0, "*", "-::*");
        try (RawClient client = new RawClient("127.0.0.1", server.port())) {
            assertThat(client.send("PING\r\n").receive(7)).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void ipv6AddressesAreWrittenInBrackets() throws Exception {
        assumeTrue(hasIpv6(), "this machine has no IPv6");
        listen(0, "::1");
        try (RawClient client = new RawClient("::1", server.port())) {
            assertThat(client.send("PING\r\n").receive(7)).isEqualTo("+PONG\r\n");
            assertThat(server.last().remoteText())
                    .isEqualTo("[::1]:" + client.socket.getLocalPort());
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void connectionsAreSpreadOverTheLoops() throws Exception {
        listen(0, "127.0.0.1");
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(new RawClient(server.port()));
        }
        Wait.until("all are open", () -> server.opened.get() == 10);
        assertThat(server.loops.get(0).connectionCount()).isEqualTo(5);
        assertThat(server.loops.get(1).connectionCount()).isEqualTo(5);
        for (RawClient client : clients) {
            client.close();
        }
        Wait.until("all are closed", () -> server.closed.get() == 10);
        assertThat(server.loops.get(0).connectionCount()).isZero();
    }

    @Test
    void stoppingKeepsConnections() throws Exception {
        listen(0, "127.0.0.1");
        int port = server.port();
        try (RawClient client = new RawClient(port)) {
            client.send("PING\r\n").receive(7);
            server.listeners.stopAccepting();
            assertThat(client.send("PING\r\n").receive(7)).isEqualTo("+PONG\r\n");
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
        }
    }
}

package io.keydb.e2e.controlplane.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay passes bytes on until it is cut, and again when it is restored. */
class RelayTest {

    private ServerSocket target;
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echo);
        relay =
                Relay.to(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new InetSocketAddress(target.getInetAddress(), target.getLocalPort()));
    }

    private void echo() {
        try {
            while (true) {
                Socket client = target.accept();
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (client) {
                                        client.getInputStream()
                                                .transferTo(client.getOutputStream());
                                    } catch (IOException _) {
                                        // The relay was cut.
                                    }
                                });
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        target.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(relay.address(), 2000);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static int roundTrip(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Test
    void bytesPassBothWays() throws IOException {
        try (Socket socket = connect()) {
            assertThat(roundTrip(socket, 42)).isEqualTo(42);
        }
    }

    @Test
    void aCutEndsConnectionsAndRefusesNewOnes() throws IOException {
        try (Socket socket = connect()) {
            roundTrip(socket, 1);
            relay.cut();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(relay.isOpen()).isFalse();
    }

    @Test
    void aRestoredRelayHasTheSameAddress() throws IOException {
        InetSocketAddress before = relay.address();
        relay.cut();
        relay.restore();
        assertThat(relay.address()).isEqualTo(before);
        try (Socket socket = connect()) {
            assertThat(roundTrip(socket, 7)).isEqualTo(7);
        }
    }
}

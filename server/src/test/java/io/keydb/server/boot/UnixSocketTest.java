package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.net.ListenException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directive {@code unixsocket}. */
class UnixSocketTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path folder;

    /** Sends one request and gives what comes, which fits into one read. */
    private static String call(Path path, String request) throws IOException {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(path));
            socket.write(ByteBuffer.wrap((request + "\r\n").getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate(4096);
            socket.read(reply);
            return new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void clientsOfTheMachineAreServed() throws Exception {
        Path path = folder.resolve("socket");
        Files.createFile(path); // a former server has left it
        try (Server server =
                TestServers.start("--unixsocket", path.toString(), "--unixsocketperm", "700")) {
            assertThat(call(path, "PING")).isEqualTo("+PONG\r\n");
            assertThat(call(path, "CLIENT INFO"))
                    .contains(" addr=" + path + ":0 laddr=" + path + ":0 ", " flags=U ");
            assertThat(call(path, "CONFIG GET unixsocketperm")).contains("700");
            assertThat(call(path, "INFO server")).contains("listener1:name=unix,bind=" + path);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aPathThatCannotBeHadIsToldAtTheStart() {
        assertThatThrownBy(() -> TestServers.start("--unixsocket", folder + "/absent/socket"))
                .isInstanceOf(ListenException.class)
                .hasMessageStartingWith("Failed opening Unix socket: bind: No such file");
    }
}

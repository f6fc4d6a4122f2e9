package io.keydb.e2e.permissions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an API server and answers 403 to what the roles do not allow.
 *
 * <p>Every connection carries one request: the proxy asks the server to close it afterwards, so
 * that only the head of the request has to be understood; what follows (bodies, watches, web
 * sockets) is passed on as it comes.
 *
 * <p>Threads: safe; two virtual threads for each connection.
 */
final class PermissionProxy implements AutoCloseable {
    private static final int HEAD_LIMIT = 64 * 1024;

    private final URI server;
    private final ChartRoles roles;
    private final ServerSocket listener;
    private final Set<String> allowed = new ConcurrentSkipListSet<>();
    private final Set<String> denied = new ConcurrentSkipListSet<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    PermissionProxy(URI server, ChartRoles roles) throws IOException {
        this.server = server;
        this.roles = roles;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://"
                + listener.getInetAddress().getHostAddress()
                + ":"
                + listener.getLocalPort();
    }

    /** What was asked for and let through, as {@code verb group/resource}. */
    Set<String> allowed() {
        return allowed;
    }

    /** What was asked for and refused. */
    Set<String> denied() {
        return denied;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            List<String> head = readHead(client.getInputStream());
            if (head == null) {
                return;
            }
            String[] request = head.getFirst().split(" ");
            Access access = Access.of(request[0], request[1], header(head, "content-type"));
            boolean permitted = roles.allow(access);
            for (String verb : access.verbs()) {
                (permitted ? allowed : denied)
                        .add(verb + " " + access.group() + "/" + access.resource());
            }
            if (permitted) {
                pass(client, head);
            } else {
                refuse(client, access);
            }
        } catch (IOException gone) {
            // the operator was stopped, or the server is gone: nothing to answer any more
        } finally {
            open.remove(client);
        }
    }

    /** The lines of the head, or null when the connection ends before one has come. */
    private static @Nullable List<String> readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0 || head.size() > HEAD_LIMIT) {
                return null;
            }
            head.write(next);
            last = (last << 8) | next;
        }
        return head.toString(StandardCharsets.ISO_8859_1).strip().lines().toList();
    }

    private static String header(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private void pass(Socket client, List<String> head) throws IOException {
        boolean upgrade = !header(head, "upgrade").isEmpty();
        StringBuilder forwarded = new StringBuilder();
        for (String line : head) {
            if (upgrade || !line.toLowerCase(Locale.ROOT).startsWith("connection:")) {
                forwarded.append(line).append("\r\n");
            }
        }
        forwarded.append(upgrade ? "\r\n" : "Connection: close\r\n\r\n");
        try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
            open.add(upstream);
            upstream.getOutputStream()
                    .write(forwarded.toString().getBytes(StandardCharsets.ISO_8859_1));
            Thread.ofVirtual().start(() -> copy(client, upstream));
            upstream.getInputStream().transferTo(client.getOutputStream());
            open.remove(upstream);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            // the other direction notices as well, and closes both
        }
    }

    private static void refuse(Socket client, Access access) throws IOException {
        String body =
                """
                {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,\
                "message":"%s of %s is not allowed by the chart's roles"}
                """
                        .formatted(access.verbs(), access.resource());
        OutputStream out = client.getOutputStream();
        out.write(
                ("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Makes the cache that lets the server start in half the time and run compiled code sooner (JDK 25, AOT cache).
 *
 * <p>A program of one file, run as {@code java TrainCache.java <quarkus-app> <cache> <java> [options]}:
 *
 * <ol>
 *   <li>Writes {@code keydb-server.jar} into the folder quarkus-app: the same application as quarkus-run.jar, but on one
 *       plain class path. Only classes that the built-in loaders load can come from the cache; those that Quarkus'
 *       own loader loads cannot.
 *   <li>Starts the server from it with the java and the options given, on free ports of the loopback address.
 *   <li>Sends the everyday commands for a few seconds, so that their classes are loaded and their profiles recorded.
 *   <li>Ends it with SIGTERM; on its way out the Java virtual machine writes the cache.
 * </ol>
 *
 * <p>Threads: one, the main thread.
 */
public final class TrainCache {
    private static final String MAIN_CLASS = "io.keydb.server.boot.Main";
    private static final String FLAT_JAR = "keydb-server.jar";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int START_SECONDS = 60;
    private static final int LOAD_SECONDS = 4;
    private static final int STOP_SECONDS = 120;
    private static final int PIPELINE = 32;

    /** Families of commands in everyday use; an error reply, also "unknown command", is as good as any. */
    private static final List<String> COMMANDS =
            List.of(
                    "PING",
                    "SET key:%d value-%d",
                    "GET key:%d",
                    "GET missing:%d",
                    "SET key:%d value-%d EX 100",
                    "INCR counter:%d",
                    "MSET a:%d 1 b:%d 2 c:%d 3",
                    "MGET a:%d b:%d missing:%d",
                    "APPEND key:%d x",
                    "STRLEN key:%d",
                    "EXISTS key:%d",
                    "EXPIRE key:%d 100",
                    "TTL key:%d",
                    "TYPE key:%d",
                    "DEL a:%d",
                    "UNLINK b:%d",
                    "SCAN 0 COUNT 20");

    private static final List<String> RARE_COMMANDS =
            List.of(
                    "HELLO 3",
                    "HELLO 2",
                    "CLIENT SETNAME trainer",
                    "CLIENT ID",
                    "CLIENT LIST",
                    "INFO",
                    "CONFIG GET *",
                    "COMMAND COUNT",
                    "COMMAND DOCS get",
                    "DBSIZE",
                    "RANDOMKEY",
                    "MULTI",
                    "SET key:%d 1",
                    "EXEC",
                    "WATCH key:%d",
                    "UNWATCH",
                    "NOSUCHCOMMAND",
                    "GET");

    private final Path application;
    private final Path cache;
    private final List<String> java;
    private final int port = freePort();
    private final int managementPort = freePort();

    private TrainCache(Path application, Path cache, List<String> java) throws IOException {
        this.application = application;
        this.cache = cache;
        this.java = java;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 3) {
            System.err.println("usage: TrainCache <quarkus-app> <cache> <java> [options]");
            System.exit(2);
        }
        List<String> java = List.of(arguments).subList(2, arguments.length);
        new TrainCache(Path.of(arguments[0]), Path.of(arguments[1]).toAbsolutePath(), java).run();
    }

    private void run() throws IOException, InterruptedException {
        Path jar = application.resolve(FLAT_JAR);
        writeFlatJar(jar);
        Files.deleteIfExists(cache);
        Path data = Files.createTempDirectory("keydb-train");
        Process server = null;
        try {
            server = start(jar, data);
            train(server);
            server.destroy();
            if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the server did not stop within " + STOP_SECONDS + " s");
            }
            if (!Files.isRegularFile(cache)) {
                throw new IOException("the server stopped without writing " + cache);
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.err.println(tail(data.resolve("log")));
            System.exit(1);
        } finally {
            if (server != null) {
                server.destroyForcibly();
            }
            delete(data);
        }
    }

    /** The class path in the order in which Quarkus' own loader searches. */
    private void writeFlatJar(Path jar) throws IOException {
        List<String> path = new ArrayList<>();
        path.add("quarkus/transformed-bytecode.jar");
        path.add("quarkus/generated-bytecode.jar");
        for (String folder : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(application.resolve(folder))) {
                files.map(file -> folder + "/" + file.getFileName()).sorted().forEach(path::add);
            }
        }
        path.removeIf(entry -> !Files.isRegularFile(application.resolve(entry)));
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, MAIN_CLASS);
        main.put(Attributes.Name.CLASS_PATH, String.join(" ", path));
        main.putValue("Add-Opens", "java.base/java.lang");
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private Process start(Path jar, Path data) throws IOException {
        List<String> command = new ArrayList<>(java);
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of("--bind", LOOPBACK, "--port", String.valueOf(port)));
        command.addAll(List.of("--dir", data.toString(), "--management-bind", LOOPBACK));
        command.addAll(List.of("--management-port", String.valueOf(managementPort)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("log").toFile())
                .start();
    }

    private void train(Process server) throws IOException, InterruptedException {
        try (Socket socket = connect(server)) {
            socket.setSoTimeout(10_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            for (String command : RARE_COMMANDS) {
                exchange(in, out, List.of(command), 0);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOAD_SECONDS);
            List<String> batch = new ArrayList<>();
            for (int number = 0; System.nanoTime() < end; number++) {
                batch.add(COMMANDS.get(number % COMMANDS.size()));
                // Single requests and pipelines take different ways through the server.
                if (batch.size() == PIPELINE || number % 5000 < 500) {
                    exchange(in, out, batch, number % 1000);
                    batch.clear();
                }
            }
        }
        fetch("/health/live");
        fetch("/health/ready");
        fetch("/metrics");
    }

    /** Waits until the server answers. */
    private Socket connect(Process server) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end) {
            if (!server.isAlive()) {
                throw new IOException("the server ended with exit code " + server.exitValue());
            }
            try {
                return new Socket(LOOPBACK, port);
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new IOException("the server did not start within " + START_SECONDS + " s");
    }

    private static void exchange(InputStream in, OutputStream out, List<String> commands, int number)
            throws IOException {
        for (String command : commands) {
            String[] words = command.replace("%d", String.valueOf(number)).split(" ");
            StringBuilder request = new StringBuilder("*").append(words.length).append("\r\n");
            for (String word : words) {
                request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
            }
            out.write(request.toString().getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
        for (int i = 0; i < commands.size(); i++) {
            skipReply(in);
        }
    }

    /** Reads one reply of RESP2 or RESP3 and forgets it. */
    private static void skipReply(InputStream in) throws IOException {
        String line = readLine(in);
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '$', '=', '!' -> {
                int length = Integer.parseInt(rest);
                if (length >= 0) {
                    in.skipNBytes(length + 2L);
                }
            }
            case '*', '~', '>' -> skipReplies(in, Integer.parseInt(rest));
            case '%' -> skipReplies(in, 2 * Integer.parseInt(rest));
            default -> {}
        }
    }

    private static void skipReplies(InputStream in, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            skipReply(in);
        }
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }

    private void fetch(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://" + LOOPBACK + ":" + managementPort + path);
            client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        }
    }

    private static String tail(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

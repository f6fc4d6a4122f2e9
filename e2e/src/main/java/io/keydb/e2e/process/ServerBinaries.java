package io.keydb.e2e.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the programs are that the end-to-end tests start: the packaged server of this build and the
 * stock tools on the path. Threads: immutable.
 */
public final class ServerBinaries {

    /** The stock version whose replies are the specification of the delivered commands. */
    public static final String STOCK_VERSION = "7.0.15";

    private ServerBinaries() {}

    /** The runnable jar of our server, when the server module has been packaged. */
    public static Optional<Path> serverJar() {
        Path jar = projectHome().resolve("server/target/quarkus-app/quarkus-run.jar");
        return Files.isRegularFile(jar) ? Optional.of(jar) : Optional.empty();
    }

    /** The start-up cache of our server, when {@code ./keydb build} has trained one. */
    public static Optional<Path> startUpCache() {
        Path cache = projectHome().resolve("server/target/keydb.aot");
        return Files.isRegularFile(cache) ? Optional.of(cache) : Optional.empty();
    }

    /** Our server on one plain class path, which is what the start-up cache was trained with. */
    static Path cachedServerJar() {
        return projectHome().resolve("server/target/quarkus-app/keydb-server.jar");
    }

    /** A program on the search path, for instance {@code redis-server}. */
    public static Optional<Path> onPath(String program) {
        for (String directory :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * The directory of the parent POM: named by {@code keydb.home}, else found upwards from the
     * working directory.
     */
    public static Path projectHome() {
        String named = System.getProperty("keydb.home", "");
        Path start = named.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(named);
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("server")) && Files.isDirectory(at.resolve("e2e"))) {
                return at;
            }
        }
        return start;
    }

    /** The command line of our server up to its own arguments. */
    static List<String> ourCommand(Path jar, List<String> javaFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Xmx64m");
        command.add("-Xms16m");
        command.add("-Xmn8m");
        command.add("-XX:TrimNativeHeapInterval=1000");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(javaFlags);
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }
}

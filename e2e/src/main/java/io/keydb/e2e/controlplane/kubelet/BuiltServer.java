package io.keydb.e2e.controlplane.kubelet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The server built in this repository, with the start-up cache where one was made.
 *
 * <p>Threads: immutable.
 *
 * @param home the repository
 */
public record BuiltServer(Path home) implements ServerRuntime {

    /** Where Maven puts the server. */
    public Path jar() {
        return home.resolve("server/target/quarkus-app/quarkus-run.jar");
    }

    /** Whether the server has been built. */
    public boolean isThere() {
        return Files.isRegularFile(jar());
    }

    @Override
    public List<String> command(List<String> arguments, String address, Path hostsFile) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx64m",
                        "-Xms16m",
                        "-Xmn8m",
                        "-XX:TrimNativeHeapInterval=1000",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djdk.net.hosts.file=" + hostsFile,
                        // A pod that comes back has another address: names must be looked up anew.
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0"));
        Path flat = jar().resolveSibling("keydb-server.jar");
        Path cache = home.resolve("server/target/keydb.aot");
        if (isNewer(cache, flat) && isNewer(cache, jar())) {
            command.addAll(
                    List.of(
                            "-XX:AOTCache=" + cache,
                            "-Xlog:aot=off",
                            "-Xlog:cds=off",
                            "-jar",
                            flat.toString()));
        } else {
            command.addAll(List.of("-jar", jar().toString()));
        }
        command.addAll(arguments);
        command.addAll(List.of("--bind", address, "--management-bind", address));
        return command;
    }

    private static boolean isNewer(Path cache, Path jar) {
        return Files.isRegularFile(cache)
                && Files.isRegularFile(jar)
                && cache.toFile().lastModified() >= jar.toFile().lastModified();
    }
}

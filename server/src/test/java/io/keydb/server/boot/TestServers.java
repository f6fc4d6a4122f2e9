package io.keydb.server.boot;

import io.keydb.server.config.CommandLine;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Servers of a test, in its own process, on free ports of the loopback address, each in a folder of
 * its own unless it is given one.
 */
final class TestServers {
    private TestServers() {}

    /** Starts a server with these arguments as its command line. */
    static Server start(String... arguments) throws IOException, ConfigFileException {
        return Server.startAnywhere(configuration(arguments));
    }

    /** The configuration of these arguments. */
    static Configuration configuration(String... arguments) throws ConfigFileException {
        List<String> all = new ArrayList<>(List.of("--bind", "127.0.0.1"));
        List<String> given = List.of(arguments);
        if (!given.contains("--dir")) {
            all.addAll(List.of("--dir", folder()));
        }
        all.addAll(given);
        Configuration configuration = new Configuration(ServerDirectives.all());
        configuration.load(CommandLine.parse(all).optionLines());
        return configuration;
    }

    private static String folder() {
        try {
            Path folder = Files.createTempDirectory("server");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            return folder.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}

package io.keydb.server.boot;

import io.keydb.server.config.CommandLine;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Servers of a test, in its own process, on free ports of the loopback address. */
final class TestServers {
    private TestServers() {}

    /** Starts a server with these arguments as its command line. */
    static Server start(String... arguments) throws IOException, ConfigFileException {
        return Server.startAnywhere(configuration(arguments));
    }

    /** The configuration of these arguments. */
    static Configuration configuration(String... arguments) throws ConfigFileException {
        List<String> all = new ArrayList<>(List.of("--bind", "127.0.0.1"));
        all.addAll(List.of(arguments));
        Configuration configuration = new Configuration(ServerDirectives.all());
        configuration.load(CommandLine.parse(all).optionLines());
        return configuration;
    }
}

package io.keydb.server.boot;

import io.keydb.server.config.CommandLine;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.management.ManagementDirectives;
import io.keydb.server.memory.Pages;
import io.keydb.server.net.ListenException;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.tls.TlsException;
import io.keydb.server.persistence.DataFileException;
import io.keydb.server.persistence.aof.CheckAof;
import io.keydb.server.support.Version;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program. Reads the arguments and the configuration, starts the {@link Server}, then hands the
 * main thread to Quarkus until a signal comes.
 *
 * <p>The server starts before the framework, of which it needs nothing: so clients are served half
 * a second earlier. Whatever goes wrong before is told in one message, and the process ends with
 * code 1.
 */
@QuarkusMain
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String... arguments) {
        // before the first logger: without it the JDK's own would be in place
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        if (arguments.length > 0 && arguments[0].equals("--check-aof")) {
            System.exit(checkAppendOnlyFile(List.of(arguments).subList(1, arguments.length)));
        }
        try {
            CommandLine line = CommandLine.parse(List.of(arguments));
            switch (line.request()) {
                case VERSION -> out().println("KeyDB server v=" + Version.own());
                case CHECK_SYSTEM -> System.exit(SystemCheck.run(out()) ? 0 : FAILED);
                case HELP -> out().print(Usage.TEXT);
                case SERVE -> serve(line);
            }
        } catch (ConfigFileException wrong) {
            err().println(wrong.getMessage());
            System.exit(FAILED);
        }
    }

    private static int checkAppendOnlyFile(List<String> arguments) {
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            return new CheckAof(out(), answers, new Pages()).run(arguments);
        } catch (IOException unreadable) {
            err().println(unreadable.getMessage());
            return FAILED;
        }
    }

    private static void serve(CommandLine line) throws ConfigFileException {
        byte[] input = line.readsInput() ? standardInput() : new byte[0];
        Directives directives = ServerDirectives.all();
        Configuration configuration = new Configuration(directives);
        configuration.load(
                line.allLines(new ByteArrayInputStream(input), System.getenv(), directives));
        HostProcess process = new HostProcess(configuration);
        if (process.leavesTheForeground()) {
            goIntoBackground(input);
            return;
        }
        process.settle();
        Logger log = LoggerFactory.getLogger(Main.class);
        JavaOptions.warn(log);
        String file = line.file().map(Main::absolute).orElse("");
        log.info(
                "KeyDB {} on Java {}, PID: {}: {}",
                Version.own(),
                System.getProperty("java.version"),
                Long.toString(ProcessHandle.current().pid()),
                file.isEmpty() ? "no configuration file, defaults are used" : file);
        process.tellWhatHasNoEffect(log);
        try {
            StopSignals signals = StopSignals.handle();
            Server server =
                    Server.start(configuration, new Server.Origin(file, executable()), process);
            signals.goTo(server.shutdown());
            process.follow(server);
            tellAddresses(server, log);
        } catch (IOException | RuntimeException | Error failure) {
            tellFailure(failure, configuration, log);
            System.exit(FAILED);
        }
        Quarkus.run();
    }

    private static byte[] standardInput() throws ConfigFileException {
        try {
            return System.in.readAllBytes();
        } catch (IOException unreadable) {
            throw ConfigFileException.of("Can't read the standard input: ", unreadable);
        }
    }

    private static void goIntoBackground(byte[] input) throws ConfigFileException {
        try {
            Daemon.start(input);
        } catch (IOException impossible) {
            throw ConfigFileException.of("Can't go into the background: ", impossible);
        }
    }

    private static void tellAddresses(Server server, Logger log) {
        int management = server.managementPort();
        String addresses =
                server.addresses().stream()
                        .map(
                                address ->
                                        address.getAddress().getHostAddress()
                                                + ":"
                                                + address.getPort())
                        .collect(Collectors.joining(", "));
        log.info(
                "Ready to accept connections on {}{}",
                addresses,
                management == 0 ? "" : "; probes and metrics on port " + management);
    }

    private static void tellFailure(Throwable failure, Configuration configuration, Logger log) {
        if (failure instanceof DataFileException || failure instanceof TlsException) {
            log.error("Could not start: {}", failure.getMessage());
        } else if (failure instanceof IOException) {
            log.error(
                    "{}: {}. Stop the program that uses the address, or choose"
                            + " others: bind {}, port {}, management-bind {}, management-port {}",
                    failure instanceof ListenException
                            ? "Failed listening on port"
                            : "Could not start",
                    failure.getMessage(),
                    configuration.text(NetworkDirectives.BIND),
                    configuration.text(NetworkDirectives.PORT),
                    configuration.text(ManagementDirectives.MANAGEMENT_BIND),
                    configuration.text(ManagementDirectives.MANAGEMENT_PORT));
        } else {
            log.error("Could not start", failure);
        }
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    private static String executable() {
        return ProcessHandle.current().info().command().orElse("");
    }

    private static PrintStream out() {
        return new PrintStream(System.out, true, StandardCharsets.UTF_8);
    }

    private static PrintStream err() {
        return new PrintStream(System.err, true, StandardCharsets.UTF_8);
    }
}

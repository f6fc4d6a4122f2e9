package io.keydb.server.boot;

import io.keydb.server.config.CommandLine;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.management.ManagementDirectives;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.support.Version;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
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
    /** How long clients have for their last replies; well within what supervisors allow. */
    private static final long STOP_GRACE_MILLIS = 8000;

    private static final int FAILED = 1;

    private Main() {}

    public static void main(String... arguments) {
        // before the first logger: without it the JDK's own would be in place
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        try {
            CommandLine line = CommandLine.parse(List.of(arguments));
            switch (line.request()) {
                case VERSION -> out().println("KeyDB server v=" + Version.own());
                case CHECK_SYSTEM -> System.exit(0);
                case HELP -> out().print(Usage.TEXT);
                case SERVE -> serve(line);
            }
        } catch (ConfigFileException wrong) {
            err().println(wrong.getMessage());
            System.exit(FAILED);
        }
    }

    private static void serve(CommandLine line) throws ConfigFileException {
        Directives directives = ServerDirectives.all();
        Configuration configuration = new Configuration(directives);
        configuration.load(line.allLines(System.in, System.getenv(), directives));
        log(configuration);
        Logger log = LoggerFactory.getLogger(Main.class);
        JavaOptions.warn(log);
        String file = line.file().map(Main::absolute).orElse("");
        log.info(
                "KeyDB {} on Java {}: {}",
                Version.own(),
                System.getProperty("java.version"),
                file.isEmpty() ? "no configuration file, defaults are used" : file);
        try {
            Server server = Server.start(configuration, new Server.Origin(file, executable()));
            StopSignals.handle(() -> stop(server, log));
            tellAddresses(server, log);
        } catch (IOException | RuntimeException | Error failure) {
            tellFailure(failure, configuration, log);
            System.exit(FAILED);
        }
        Quarkus.run();
    }

    private static void log(Configuration configuration) {
        try {
            ServerLog log = ServerLog.to(configuration.value(BootDirectives.LOGFILE));
            log.install();
            log.level(configuration.value(BootDirectives.LOGLEVEL));
            configuration.onChange(
                    () -> log.level(configuration.value(BootDirectives.LOGLEVEL)),
                    BootDirectives.LOGLEVEL);
        } catch (IOException unwritable) {
            err().println("Can't open the log file: " + unwritable.getMessage());
            System.exit(FAILED);
        }
    }

    private static void tellAddresses(Server server, Logger log) {
        int management = server.managementPort();
        String addresses =
                server.addresses().stream()
                        .map(address -> address.getAddress().getHostAddress())
                        .map(host -> host + ":" + server.port())
                        .collect(Collectors.joining(", "));
        log.info(
                "Ready to accept connections on {}{}",
                addresses,
                management == 0 ? "" : "; probes and metrics on port " + management);
    }

    private static void tellFailure(Throwable failure, Configuration configuration, Logger log) {
        if (failure instanceof IOException) {
            log.error(
                    "Could not start: {}. Stop the program that uses the address, or choose"
                            + " others: bind {}, port {}, management-bind {}, management-port {}",
                    failure.getMessage(),
                    configuration.text(NetworkDirectives.BIND),
                    configuration.text(NetworkDirectives.PORT),
                    configuration.text(ManagementDirectives.MANAGEMENT_BIND),
                    configuration.text(ManagementDirectives.MANAGEMENT_PORT));
        } else {
            log.error("Could not start", failure);
        }
    }

    private static void stop(Server server, Logger log) {
        server.stop(STOP_GRACE_MILLIS);
        log.info("Stopped; bye bye");
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

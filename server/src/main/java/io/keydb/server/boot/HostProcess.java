package io.keydb.server.boot;

import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import io.keydb.server.config.FileError;
import io.keydb.server.config.compatibility.DiagnosticDirectives;
import io.keydb.server.observability.HostProbe.Crash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process in which the server runs, as {@link ProcessDirectives} want it: in the background or
 * not, with its logs, its name, its file with the process id, its supervisor and its place among
 * those that the kernel may end.
 *
 * <p>Threads: the main thread, and the one that ends the server.
 */
final class HostProcess implements Host {
    private static final Path NAME = Path.of("/proc/self/comm");
    private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");
    private static final String TITLE = "keydb-server";

    private final Configuration configuration;
    private final Supervision supervision;
    private final Path folder;
    private final Optional<Path> logFile;
    private final boolean inBackground;
    private final ProgramRestart program = new ProgramRestart();
    private volatile long restartDelayMillis = -1;
    private Runnable removePidFile = () -> {};

    /**
     * @throws ConfigFileException when the log file cannot be written
     */
    HostProcess(Configuration configuration) throws ConfigFileException {
        this.configuration = configuration;
        this.folder = Path.of(configuration.value(BootDirectives.DIR));
        this.supervision =
                Supervision.of(configuration.value(ProcessDirectives.SUPERVISED), System.getenv());
        this.inBackground =
                configuration.value(ProcessDirectives.DAEMONIZE) && !supervision.isSupervised();
        this.logFile =
                Optional.of(configuration.value(BootDirectives.LOGFILE))
                        .filter(name -> !name.isEmpty())
                        .map(folder::resolve);
        if (logFile.isPresent()) {
            try {
                ServerLog.open(logFile.get());
            } catch (IOException unwritable) {
                throw ConfigFileException.fatal(
                        "Can't open the log file: " + FileError.reason(unwritable));
            }
        }
    }

    /** Whether another process is to be started in the background, and this one to end. */
    boolean leavesTheForeground() {
        return inBackground && !Daemon.isInBackground();
    }

    /** Opens the logs and makes the process what it should be before the server starts. */
    void settle() {
        if (inBackground) {
            SystemCalls.newSession();
        }
        openLogs();
        Logger log = LoggerFactory.getLogger(HostProcess.class);
        if (configuration.value(ProcessDirectives.DISABLE_THP)) {
            HugePages.keepOut(log);
        }
        if (configuration.value(ProcessDirectives.SET_PROC_TITLE)) {
            setName();
        }
    }

    private void openLogs() {
        ServerLog log = ServerLog.to(logFile);
        log.install();
        log.level(configuration.value(BootDirectives.LOGLEVEL));
        configuration.onChange(
                () -> log.level(configuration.value(BootDirectives.LOGLEVEL)),
                BootDirectives.LOGLEVEL);
        if (configuration.value(ProcessDirectives.SYSLOG_ENABLED)) {
            java.util.logging.Logger.getLogger("")
                    .addHandler(
                            new SystemLog(
                                    configuration.value(ProcessDirectives.SYSLOG_IDENT),
                                    configuration.value(ProcessDirectives.SYSLOG_FACILITY)));
        }
    }

    private static void setName() {
        try {
            Files.writeString(NAME, TITLE);
        } catch (IOException absent) {
            // a system without this file has no use for the name
        }
    }

    /** Names the directives that were set to no effect, so that nobody relies on them. */
    void tellWhatHasNoEffect(Logger log) {
        List<String> names = new ArrayList<>();
        for (Directive<?> directive : configuration.directives().all()) {
            if (!directive.hasEffect() && !configuration.isDefault(directive)) {
                names.add(directive.name());
            }
        }
        if (!names.isEmpty()) {
            log.info(
                    "Set, but without effect here (docs/configuration.md says why): {}",
                    String.join(", ", names));
        }
    }

    /** The server has started: tells those who wait for it, and follows its role. */
    void follow(Server server) {
        removePidFile =
                PidFile.write(folder, configuration.value(ProcessDirectives.PIDFILE), inBackground);
        OomScore score = new OomScore(OOM_SCORE, configuration, server::isReplica);
        score.start();
        server.everyRound(score::tick);
        supervision.ready();
        Signals.handle(
                "ABRT",
                () ->
                        crash(
                                CrashReport.signal(SystemCalls.ABORT),
                                SystemCalls.ABORT,
                                server.debugHost()::state));
    }

    @Override
    public void stopping() {
        supervision.stopping();
    }

    @Override
    public void stopped(boolean inOrder) {
        removePidFile.run();
        long delay = restartDelayMillis;
        if (delay >= 0) {
            program.runOrFail(delay);
        }
        LoggerFactory.getLogger(HostProcess.class).info("KeyDB is now ready to exit, bye bye...");
        System.exit(inOrder ? 0 : 1);
    }

    @Override
    public void crash(Crash how, Supplier<String> state) {
        int signal = how == Crash.SEGFAULT ? SystemCalls.SEGMENTATION_FAULT : SystemCalls.ABORT;
        crash(CrashReport.cause(how), signal, state);
    }

    private void crash(String cause, int signal, Supplier<String> state) {
        if (configuration.value(DiagnosticDirectives.CRASH_LOG_ENABLED)) {
            LoggerFactory.getLogger(HostProcess.class).error(CrashReport.text(cause, state));
        }
        if (signal == SystemCalls.ABORT
                && configuration.value(DiagnosticDirectives.USE_EXIT_ON_PANIC)) {
            Runtime.getRuntime().halt(1);
        }
        SystemCalls.endBySignal(signal);
    }

    @Override
    public void restart(long delayMillis) throws IOException {
        program.run(delayMillis);
    }

    @Override
    public void restartWhenStopped(long delayMillis) {
        restartDelayMillis = delayMillis;
    }

    @Override
    public void exitAtOnce() {
        Runtime.getRuntime().halt(1);
    }
}

package io.keydb.server.persistence;

import io.keydb.server.command.Command;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.UnitAppender;
import io.keydb.server.persistence.aof.AofForm;
import io.keydb.server.persistence.aof.AppendOnlyFile;
import io.keydb.server.support.Clock;
import io.keydb.server.support.ReportSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept on disk, put together: loading it at the start, the dump file, the append-only file,
 * and writing them in the end.
 *
 * <p>Threads: safe.
 */
public final class Persistence {
    private static final Logger LOG = LoggerFactory.getLogger(Persistence.class);

    private final Parts parts;
    private final Saves saves;
    private final AppendOnlyFile appendOnly;
    private final LoadProgress progress = new LoadProgress();

    /** What persistence builds on; {@code changes} counts the changes of the data. */
    public record Parts(
            Configuration configuration,
            Keyspace keyspace,
            Conditions conditions,
            DataForm form,
            LongSupplier changes,
            Clock clock,
            Supplier<Path> directory,
            AofSource log,
            Supplier<Dispatcher> dispatcher,
            Runnable lost) {}

    /** What the append-only file reads; {@code appender} is told whether it does. */
    public record AofSource(OrderedLog log, UnitAppender appender, AofForm form) {}

    public Persistence(Parts parts) {
        this.parts = parts;
        this.saves =
                new Saves(
                        new Saves.Parts(
                                parts.configuration(),
                                parts.directory(),
                                parts.form(),
                                parts.conditions(),
                                parts.changes(),
                                this::keys,
                                parts.clock()));
        this.appendOnly =
                new AppendOnlyFile(
                        new AppendOnlyFile.Parts(
                                parts.configuration(),
                                parts.directory(),
                                parts.keyspace(),
                                parts.log().log(),
                                parts.log().appender(),
                                parts.form(),
                                parts.log().form(),
                                parts.conditions(),
                                parts.dispatcher(),
                                saves::isRunning,
                                parts.lost(),
                                parts.clock()));
    }

    private long keys() {
        long sum = 0;
        for (int i = 0; i < parts.keyspace().databases(); i++) {
            sum += parts.keyspace().database(i).size();
        }
        return sum;
    }

    public Saves saves() {
        return saves;
    }

    public AppendOnlyFile appendOnly() {
        return appendOnly;
    }

    /** SAVE, BGSAVE, LASTSAVE, BGREWRITEAOF. */
    public List<Command> commands() {
        return new SaveCommands(saves, appendOnly.rewrites()).all();
    }

    /** INFO persistence. */
    public ReportSection section(SnapshotUse snapshots) {
        return new PersistenceSection(
                snapshots, parts.conditions(), saves, appendOnly, progress, parts.clock());
    }

    /** Whether there is anything to load. */
    public boolean hasData() throws IOException {
        return appendOnly.hasData() || Files.exists(saves.file());
    }

    /**
     * Loads what is on disk. Before the first write; whoever calls it keeps clients away or lets
     * them hear LOADING.
     *
     * @throws DataFileException when it cannot be loaded
     */
    public void load() throws IOException {
        if (appendOnly.hasData()) {
            loadAppendOnly();
        } else {
            loadDump();
        }
        saves.loaded();
    }

    private void loadAppendOnly() throws IOException {
        long start = parts.clock().millis();
        long keys = 0;
        try {
            progress.begin(start, appendOnly.bytes());
            keys = appendOnly.load(progress);
            LOG.info(
                    "DB loaded from append only file: {} seconds",
                    String.format(Locale.ROOT, "%.3f", (parts.clock().millis() - start) / 1000.0));
        } finally {
            progress.end(keys);
        }
    }

    /** Begins to write the append-only file, if it is on; before the first write. */
    public void start() throws IOException {
        appendOnly.start();
    }

    private void loadDump() throws IOException {
        Path file = saves.file();
        long start = parts.clock().millis();
        long keys = 0;
        try {
            progress.begin(start, Files.size(file));
            KeyDelay delay =
                    new KeyDelay(
                            parts.clock(),
                            parts.configuration().setting(PersistenceDirectives.KEY_LOAD_DELAY),
                            () -> false);
            keys = DumpFile.load(file, parts.form(), parts.keyspace().pages(), delay, progress);
            LOG.info(
                    "DB loaded from disk: {} keys from {} in {} ms",
                    keys,
                    file,
                    parts.clock().millis() - start);
        } finally {
            progress.end(keys);
        }
    }

    /** Begins files that are due; several times a second. */
    public void tick() {
        if (!parts.conditions().holds(Condition.LOADING)) {
            saves.tick(!appendOnly.rewrites().isRunning());
            appendOnly.tick();
        }
    }

    /**
     * The server ends: brings the append-only file to the disk, and writes the dump file if there
     * are save points, or if {@code saves} says so.
     *
     * @param isForced whether it ends even when the data would be in neither file
     * @throws IOException when it could not be written
     */
    public void end(Ending ending, boolean isForced) throws IOException {
        saves.cancel();
        if (appendOnly.lacksBase() && !writes(ending)) {
            if (!isForced) {
                throw new IOException("Writing initial AOF, can't exit.");
            }
            LOG.warn("Writing initial AOF. Exit anyway.");
        }
        appendOnly.sync();
        if (writes(ending)) {
            LOG.info("Saving the final RDB snapshot before exiting.");
            saves.instead();
        }
    }

    /**
     * After {@link #end}, when nothing changes any more: writes the dump file again if something
     * has changed meanwhile.
     *
     * @throws IOException when it could not be written
     */
    public void endAnew(Ending ending) throws IOException {
        appendOnly.requireComplete();
        if (writes(ending) && saves.unsavedChanges() > 0) {
            LOG.info("Saving the last changes.");
            saves.instead();
        }
    }

    /** Has what is written in the background fail, for tests. */
    public void failSaves() {
        saves.fail();
        appendOnly.rewrites().fail();
    }

    private boolean writes(Ending ending) {
        return switch (ending) {
            case AS_CONFIGURED -> saves.hasSavePoints();
            case SAVE -> true;
            case NO_SAVE -> false;
        };
    }

    /** The process ends at once: removes what is written halfway. */
    public void abandon() {
        saves.abandon();
    }

    /** Whether the end writes a dump file. */
    public enum Ending {
        /** If there are save points. */
        AS_CONFIGURED,
        /** In any case. */
        SAVE,
        /** In no case. */
        NO_SAVE
    }
}

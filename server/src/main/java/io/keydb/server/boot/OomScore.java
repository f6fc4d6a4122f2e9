package io.keydb.server.boot;

import io.keydb.server.boot.ProcessDirectives.OomAdjustment;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.FileError;
import io.keydb.server.config.InvalidValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel how gladly it may end this process when memory runs out: a replica rather than a
 * primary, as {@code oom-score-adj-values} say. Follows the directives and the role.
 *
 * <p>Threads: safe, because every method holds the monitor.
 */
final class OomScore {
    private static final Logger LOG = LoggerFactory.getLogger(OomScore.class);
    private static final int LARGEST = 1000;
    private static final int PRIMARY = 0;
    private static final int REPLICA = 1;

    private final Path file;
    private final Configuration configuration;
    private final BooleanSupplier isReplica;
    private boolean wasReplica;
    private boolean adjusted;
    private int base;

    /**
     * @param file where the kernel keeps the score of the process
     */
    OomScore(Path file, Configuration configuration, BooleanSupplier isReplica) {
        this.file = file;
        this.configuration = configuration;
        this.isReplica = isReplica;
    }

    /** Sets the score, and follows the directives from now on. */
    void start() {
        configuration.onChange(
                this::changed,
                ProcessDirectives.OOM_SCORE_ADJ,
                ProcessDirectives.OOM_SCORE_ADJ_VALUES);
        adjust();
    }

    private void changed() throws InvalidValue {
        if (!adjust()) {
            throw new InvalidValue("Failed to set current oom_score_adj. Check server logs.");
        }
    }

    /** Sets the score anew when the role has changed. */
    synchronized void tick() {
        if (isReplica.getAsBoolean() != wasReplica) {
            adjust();
        }
    }

    /** Whether the score is now what it should be. */
    private synchronized boolean adjust() {
        wasReplica = isReplica.getAsBoolean();
        OomAdjustment adjustment = configuration.value(ProcessDirectives.OOM_SCORE_ADJ);
        try {
            if (adjustment != OomAdjustment.NO) {
                if (!adjusted) {
                    base = Integer.parseInt(Files.readString(file).strip());
                }
                Files.writeString(file, Integer.toString(wanted(adjustment)));
                adjusted = true;
            } else if (adjusted) {
                Files.writeString(file, Integer.toString(base));
                adjusted = false;
            }
            return true;
        } catch (IOException refused) {
            LOG.warn("Unable to write oom_score_adj: {}", FileError.reason(refused));
            return false;
        }
    }

    private int wanted(OomAdjustment adjustment) {
        int position = wasReplica ? REPLICA : PRIMARY;
        int value =
                Integer.parseInt(
                        configuration.value(ProcessDirectives.OOM_SCORE_ADJ_VALUES).get(position));
        int score = adjustment == OomAdjustment.ABSOLUTE ? value : base + value;
        return Math.clamp(score, -LARGEST, LARGEST);
    }
}

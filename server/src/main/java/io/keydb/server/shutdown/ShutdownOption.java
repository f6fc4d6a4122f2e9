package io.keydb.server.shutdown;

import io.keydb.server.persistence.Persistence.Ending;
import java.util.Set;

/** How a server is to end. None of them: waits for replicas, saves if there are save points. */
public enum ShutdownOption {
    /** Writes the dump file even without save points. */
    SAVE,
    /** Writes no dump file even with save points. */
    NOSAVE,
    /** Does not wait for replicas. */
    NOW,
    /** Ends although the dump file could not be written. */
    FORCE;

    static Ending ending(Set<ShutdownOption> options) {
        if (options.contains(SAVE)) {
            return Ending.SAVE;
        }
        return options.contains(NOSAVE) ? Ending.NO_SAVE : Ending.AS_CONFIGURED;
    }

    /** Whether they contradict each other. */
    static boolean isContradiction(Set<ShutdownOption> options) {
        return options.contains(SAVE) && options.contains(NOSAVE);
    }
}

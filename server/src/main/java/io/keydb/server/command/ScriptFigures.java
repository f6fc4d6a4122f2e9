package io.keydb.server.command;

/**
 * What scripts and functions take, for INFO. Implemented by {@code scripting}.
 *
 * <p>Threads: safe; a moment late.
 */
public interface ScriptFigures {
    /** Bytes of the state in which scripts run. */
    long scriptStateBytes();

    /** Bytes of the state in which functions run. */
    long functionStateBytes();

    /** Number of cached scripts. */
    int scripts();

    /** Bytes of their texts. */
    long scriptBytes();

    int functions();

    int libraries();

    /** Bytes of the codes of libraries. */
    long libraryBytes();
}

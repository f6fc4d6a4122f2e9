package io.keydb.server.scripting;

import io.keydb.server.client.Client;
import io.keydb.server.resp.Request;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One run of a script or function: what it may do, and whether somebody wants it to end.
 *
 * <pre>
 *   RUNNING ── first write ──► WRITES       cannot be killed any more: what is half done stays
 *        └─── SCRIPT KILL ──► KILLED        ends at its next instruction or command
 * </pre>
 *
 * <p>Threads: the state may be asked for and changed by any; the rest belongs to who runs it.
 */
final class ScriptRun {
    /** How far it is. */
    enum State {
        RUNNING,
        WRITES,
        KILLED
    }

    /** What is run: code sent with the request or cached before, or a function of a library. */
    enum Kind {
        SCRIPT,
        FUNCTION
    }

    private final Kind kind;
    private final String name;
    private final Client caller;
    private final byte[][] command;
    private final long startNanos;
    private final boolean readOnly;
    private final boolean memoryRefused;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private boolean busy;
    private boolean told = true;

    /**
     * @param readOnly whether its commands must not write
     * @param memoryRefused whether its commands must not take memory, as there is too little
     */
    ScriptRun(
            Kind kind,
            String name,
            Client caller,
            Request request,
            long startNanos,
            boolean readOnly,
            boolean memoryRefused) {
        this.kind = kind;
        this.name = name;
        this.caller = caller;
        this.command = kind == Kind.FUNCTION ? copy(request) : new byte[0][];
        this.startNanos = startNanos;
        this.readOnly = readOnly;
        this.memoryRefused = memoryRefused;
    }

    private static byte[][] copy(Request request) {
        byte[][] words = new byte[request.count()][];
        for (int i = 0; i < words.length; i++) {
            words[i] = request.bytes(i);
        }
        return words;
    }

    Kind kind() {
        return kind;
    }

    /** The digest of a script, the name of a function. */
    String name() {
        return name;
    }

    Client caller() {
        return caller;
    }

    /** The request of a function. */
    byte[][] command() {
        return command;
    }

    long startNanos() {
        return startNanos;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    boolean isMemoryRefused() {
        return memoryRefused;
    }

    /** Notes that a command that writes comes next; false when the run has been killed. */
    boolean beginsToWrite() {
        return state.compareAndSet(State.RUNNING, State.WRITES) || hasWritten();
    }

    boolean hasWritten() {
        return state.get() == State.WRITES;
    }

    /** Ends the run soon; false when it has written. */
    boolean kill() {
        return state.compareAndSet(State.RUNNING, State.KILLED) || isKilled();
    }

    boolean isKilled() {
        return state.get() == State.KILLED;
    }

    /** Whether others are refused because of it. */
    boolean isBusy() {
        return busy;
    }

    void busy(boolean yes) {
        busy = yes;
    }

    /** Whether what its commands leave behind goes to the log. */
    boolean isTold() {
        return told;
    }

    void told(boolean yes) {
        told = yes;
    }
}

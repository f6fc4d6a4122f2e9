package io.keydb.server.boot;

import io.keydb.server.observability.HostProbe.Crash;
import io.keydb.server.support.Version;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the log holds of a process that ends without being asked: why, what all threads were doing,
 * and the state of the server.
 *
 * <p>Threads: stateless; the state may be told by threads that are in its middle.
 */
final class CrashReport {
    private CrashReport() {}

    /** Why, when DEBUG wants it. */
    static String cause(Crash how) {
        return switch (how) {
            case SEGFAULT -> signal(SystemCalls.SEGMENTATION_FAULT);
            case PANIC -> "Software Failure: DEBUG PANIC";
            case ASSERT -> "=== ASSERTION FAILED === DEBUG ASSERT";
            case OOM -> "Out Of Memory allocating " + Long.MAX_VALUE + " bytes!";
        };
    }

    /** Why, when a signal has come. */
    static String signal(int number) {
        return "KeyDB " + Version.own() + " crashed by signal: " + number;
    }

    static String text(String cause, Supplier<String> state) {
        StringBuilder text = new StringBuilder(16_384);
        text.append("\n\n=== KEYDB BUG REPORT START: Cut & paste starting from here ===\n");
        text.append(cause).append("\n\n------ STACK TRACE ------\n");
        for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
            text.append('"').append(each.getKey().getName()).append("\"\n");
            for (StackTraceElement frame : each.getValue()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        try {
            text.append(state.get());
        } catch (RuntimeException broken) {
            text.append("The state cannot be told: ").append(broken).append('\n');
        }
        return text.append("=== KEYDB BUG REPORT END ===\n").toString();
    }
}

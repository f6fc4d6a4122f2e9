package io.keydb.server.boot;

import io.keydb.server.boot.ProcessDirectives.SyslogFacility;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * The log of the system, which gets the same messages as that of the server, with the priorities
 * debug, info, notice and warning for its four levels.
 *
 * <p>Threads: safe.
 */
final class SystemLog extends Handler {
    private static final int USER = 1;
    private static final int LOCAL0 = 16;
    private static final int FACILITY_SHIFT = 3;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    private final SimpleFormatter messages = new SimpleFormatter();

    SystemLog(String name, SyslogFacility facility) {
        int number =
                facility == SyslogFacility.USER
                        ? USER
                        : LOCAL0 + facility.ordinal() - SyslogFacility.LOCAL0.ordinal();
        SystemCalls.openSystemLog(name, number << FACILITY_SHIFT);
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getMessage() != null) {
            SystemCalls.systemLog(priority(record.getLevel()), messages.formatMessage(record));
        }
    }

    private static int priority(Level level) {
        int value = level.intValue();
        if (value >= Level.WARNING.intValue()) {
            return WARNING;
        }
        if (value >= Level.INFO.intValue()) {
            return NOTICE;
        }
        return value >= Level.FINE.intValue() ? INFO : DEBUG;
    }

    @Override
    public void flush() {
        // each line is a message of its own
    }

    @Override
    public void close() {
        // the system's log outlives the process
    }
}

package io.keydb.server.persistence.aof;

import io.keydb.server.log.LogReader;
import io.keydb.server.log.SelectCommands;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;

/**
 * Increments of plain nodes: the commands of the log as they are, except those that are not about
 * data. SELECT is added where an entry begins in another database than the one before has left
 * selected.
 *
 * <p>Threads: immutable; what it makes is confined to one thread.
 */
public final class PlainForm implements AofForm {
    private final SelectCommands selects;

    public PlainForm(SelectCommands selects) {
        this.selects = selects;
    }

    @Override
    public Entries entries() {
        return new PlainEntries(selects);
    }

    @Override
    public Units units() {
        return new Units() {
            @Override
            public boolean take(Request request) throws AofScanner.FormatException {
                if (AofUnit.is(request)) {
                    throw new AofScanner.FormatException(
                            "a unit of an active node, which only an active node can apply: start"
                                    + " with active-replica yes, or take its dump file");
                }
                return false;
            }

            @Override
            public void close() {}
        };
    }

    private static final class PlainEntries implements Entries {
        private static final int NONE = -1;
        private static final byte[][] NOT_ABOUT_DATA = {
            ascii("PING"), ascii("REPLCONF"), ascii("PUBLISH"), ascii("SPUBLISH")
        };

        private final SelectCommands selects;
        private int selected = NONE;

        private PlainEntries(SelectCommands selects) {
            this.selects = selects;
        }

        @Override
        public void restart() {
            selected = NONE;
        }

        @Override
        public void write(LogReader entry, OffHeapBuffer to) {
            long address = entry.plainAddress();
            int length = entry.plainLength();
            if (length == 0 || Memory.getByte(address) != '*' || isNotAboutData(address, length)) {
                return;
            }
            int begin = entry.database();
            int select = selects.length(selected, begin);
            if (select > 0 && !selectsItself(address, address + length)) {
                selects.write(to.reserve(select), selected, begin);
            }
            to.append(address, length);
            selected = entry.endDatabase();
        }

        /** Whether it begins with SELECT, be it behind MULTI. */
        private static boolean selectsItself(long at, long end) {
            return isNamed(at, end, SELECT)
                    || (isNamed(at, end, MULTI) && isNamed(at + MULTI_REQUEST, end, SELECT));
        }

        /** Looks at the first command, behind a SELECT. */
        private static boolean isNotAboutData(long address, int length) {
            long end = address + length;
            long at = address;
            if (isNamed(at, end, SELECT)) {
                at = behindSelect(at, end);
            }
            for (byte[] name : NOT_ABOUT_DATA) {
                if (isNamed(at, end, name)) {
                    return true;
                }
            }
            return false;
        }

        private static final byte[] SELECT = ascii("SELECT");
        private static final byte[] MULTI = ascii("MULTI");
        private static final int MULTI_REQUEST = "*1..$5..MULTI..".length();

        /** Whether the command that begins here has the name, in any case. */
        private static boolean isNamed(long command, long end, byte[] name) {
            long at = afterLine(command, end);
            int digits = DecimalText.length(name.length);
            if (at + 1 + digits + 2 + name.length > end
                    || Memory.getByte(at) != '$'
                    || Memory.getByte(at + digits) - '0' != name.length % 10
                    || Memory.getByte(at + 1 + digits) != '\r') {
                return false;
            }
            at += 1 + digits + 2;
            for (byte letter : name) {
                if ((Memory.getByte(at++) & ~0x20) != letter) {
                    return false;
                }
            }
            return true;
        }

        /** {@code *2 $6 SELECT $1 0}, each with CR LF. */
        private static long behindSelect(long select, long end) {
            long at = select;
            for (int line = 0; line < 5; line++) {
                at = afterLine(at, end);
            }
            return at;
        }

        private static long afterLine(long from, long end) {
            long at = from;
            while (at < end && Memory.getByte(at) != '\n') {
                at++;
            }
            return Math.min(at + 1, end);
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public boolean needBase() {
            return false;
        }

        @Override
        public void close() {}
    }
}

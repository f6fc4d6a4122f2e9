package io.keydb.server.command.string;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.Group.STRING;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringText;
import java.util.ArrayList;
import java.util.List;

/** The longest common subsequence of two strings. */
public final class SubsequenceCommands {
    private static final CommandError NOT_STRINGS =
            new CommandError("ERR The specified keys must contain string values");
    private static final CommandError LENGTH_AND_INDEXES =
            new CommandError("ERR If you want both the length and indexes, please just use IDX.");
    private static final CommandError TOO_LONG =
            new CommandError(
                    "ERR Insufficient memory, transient memory for LCS exceeds"
                            + " proto-max-bulk-len");

    static final Command LCS =
            command("LCS", STRING)
                    .since("7.0.0")
                    .arity(-3)
                    .flags(READONLY)
                    .slow()
                    .keys(range(1, 1, 1, RO, ACCESS))
                    .syntax("key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]")
                    .summary("Finds the longest common subsequence of two strings.")
                    .complexity("O(N*M) where N and M are the lengths of the strings.")
                    .handledBy(SubsequenceCommands::lcs);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(LCS);

    private SubsequenceCommands() {}

    private static void lcs(Call call) {
        byte[] a = string(call, 1);
        byte[] b = string(call, 2);
        boolean length = false;
        boolean indexes = false;
        boolean withLength = false;
        long shortest = 0;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "LEN")) {
                length = true;
            } else if (call.is(i, "IDX")) {
                indexes = true;
            } else if (call.is(i, "WITHMATCHLEN")) {
                withLength = true;
            } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
                shortest = Math.max(0, call.integer(++i));
            } else {
                throw Errors.SYNTAX;
            }
        }
        if (length && indexes) {
            throw LENGTH_AND_INDEXES;
        }
        if (CommonSubsequence.tableBytes(a, b) > call.memoryForReply()) {
            throw TOO_LONG;
        }
        try (CommonSubsequence common = new CommonSubsequence(a, b, call.keyspace().pages())) {
            if (length) {
                call.reply().integer(common.length());
            } else if (indexes) {
                replyRanges(call, common, shortest, withLength);
            } else {
                call.reply().bulk(common.bytes());
            }
        }
    }

    private static byte[] string(Call call, int i) {
        Key key = call.key(i);
        long record = call.database().find(key);
        call.lookedUp(key, record != 0);
        if (record == 0) {
            return new byte[0];
        }
        if (Record.type(record) != Record.STRING) {
            throw NOT_STRINGS;
        }
        StringText text = call.stringOf(record);
        return Memory.bytes(text.address(), (int) text.length());
    }

    private static void replyRanges(
            Call call, CommonSubsequence common, long shortest, boolean withLength) {
        call.reply().map(2);
        call.reply().bulk("matches");
        List<CommonSubsequence.Match> matches = new ArrayList<>(common.matches());
        matches.removeIf(match -> match.length() < shortest);
        call.reply().array(matches.size());
        for (CommonSubsequence.Match match : matches) {
            call.reply().array(withLength ? 3 : 2);
            replyRange(call, match.inA(), match.length());
            replyRange(call, match.inB(), match.length());
            if (withLength) {
                call.reply().integer(match.length());
            }
        }
        call.reply().bulk("len");
        call.reply().integer(common.length());
    }

    private static void replyRange(Call call, int start, int length) {
        call.reply().array(2);
        call.reply().integer(start);
        call.reply().integer(start + length - 1L);
    }
}

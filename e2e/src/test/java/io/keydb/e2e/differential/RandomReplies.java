package io.keydb.e2e.differential;

import io.keydb.e2e.process.RespReply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Which replies of made-up commands need not be equal byte for byte, all rules in one place: times
 * may differ by as much as the servers are apart, the order of hash tables and the choice of random
 * elements are each server's own, and some encodings came with 7.2. Errors are always compared
 * exactly.
 *
 * <p>Threads: stateless.
 */
final class RandomReplies {

    private static final ReplyComparison UNORDERED = ReplyComparison.of("unordered", "");
    private static final ReplyComparison KIND = ReplyComparison.of("kind", "");
    private static final ReplyComparison TYPE = ReplyComparison.of("type", "");
    private static final List<String> STREAM_INTERNALS =
            List.of("radix-tree-keys", "radix-tree-nodes");

    private RandomReplies() {}

    /** Whether our reply to a command is as good as that of the stock server. */
    static boolean isSame(List<String> command, RespReply stock, RespReply ours) {
        return stock.raw().equals(ours.raw())
                || isLateOverflow(command, stock)
                || (!stock.isError() && !ours.isError() && rule(command).matches(stock, ours))
                || (stock.isError() && ours.isError() && isRewordedError(stock, ours));
    }

    /**
     * A number out of range, wherever it was met before, makes SORT by numbers fail in stock, which
     * looks at an error flag that nobody has cleared. So templates store nothing sorted by numbers.
     */
    private static boolean isLateOverflow(List<String> command, RespReply stock) {
        return command.getFirst().toUpperCase(Locale.ROOT).startsWith("SORT")
                && stock.isError()
                && stock.raw().contains("One or more scores can't be converted into double");
    }

    /** Errors of streams that 7.2 words otherwise. */
    private static boolean isRewordedError(RespReply stock, RespReply ours) {
        return (stock.text().startsWith("ERR Unbalanced ")
                        && ours.text().startsWith("ERR Unbalanced "))
                || (stock.text().equals("ERR Elements are too large to be stored")
                        && ours.text().startsWith("ERR The ID specified in XADD is equal or"));
    }

    /** Each element is compared by the rule of the command that was queued for it. */
    static boolean isSameTransaction(List<List<String>> queued, RespReply stock, RespReply ours) {
        if (stock.type() != ours.type()
                || stock.children().size() != queued.size()
                || ours.children().size() != queued.size()) {
            return false;
        }
        for (int i = 0; i < queued.size(); i++) {
            if (!isSame(queued.get(i), stock.children().get(i), ours.children().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static ReplyComparison rule(List<String> command) {
        String second = command.size() > 1 ? command.get(1).toUpperCase(Locale.ROOT) : "";
        return switch (command.getFirst().toUpperCase(Locale.ROOT)) {
            case "TTL", "EXPIRETIME" -> ReplyComparison.of("near", "5");
            case "PTTL", "PEXPIRETIME" -> ReplyComparison.of("near", "5000");
            case "KEYS", "SMEMBERS", "SUNION", "SINTER", "SDIFF", "HKEYS", "HVALS" -> UNORDERED;
            case "HGETALL" -> RandomReplies::isSamePairs;
            case "SPOP" -> command.size() > 2 ? UNORDERED : KIND;
            case "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER" -> KIND;
            case "RANDOMKEY", "SCAN", "SSCAN", "HSCAN", "ZSCAN" -> TYPE;
            case "OBJECT" -> second.equals("ENCODING") ? RandomReplies::isSameEncoding : TYPE;
            case "XPENDING" -> KIND;
            case "XINFO" -> second.equals("STREAM") ? RandomReplies::isSameStream : TYPE;
            default -> ReplyComparison.EXACT;
        };
    }

    /**
     * Small sets and lists are listpacks since 7.2; before, they never were. A sorted set that was
     * sorted is a skiplist in stock, whatever its size.
     */
    static boolean isSameEncoding(RespReply stock, RespReply ours) {
        String expected = stock.text();
        return stock.raw().equals(ours.raw())
                || (ours.text().equals("listpack")
                        && List.of("hashtable", "quicklist", "skiplist").contains(expected));
    }

    /** The fields of a stream but for what tells of its nodes. */
    private static boolean isSameStream(RespReply stock, RespReply ours) {
        return pairs(stock, STREAM_INTERNALS).equals(pairs(ours, STREAM_INTERNALS));
    }

    private static boolean isSamePairs(RespReply stock, RespReply ours) {
        return stock.type() == ours.type()
                && pairs(stock, List.of()).equals(pairs(ours, List.of()));
    }

    /** Names with values in order of the names, whether they came as a map or as a flat list. */
    static List<String> pairs(RespReply reply, List<String> without) {
        List<RespReply> children = reply.children();
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < children.size(); i += 2) {
            if (!without.contains(children.get(i).text())) {
                pairs.add(children.get(i) + " " + children.get(i + 1));
            }
        }
        Collections.sort(pairs);
        return pairs;
    }
}

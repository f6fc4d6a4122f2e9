package io.keydb.e2e.differential;

import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * When two replies count as the same. Byte for byte unless a script line says otherwise with one of
 * the modes below; each exists because the stock server itself would not answer the same twice.
 *
 * <p>Threads: immutable.
 */
@FunctionalInterface
interface ReplyComparison {

    /** The bytes are equal. */
    ReplyComparison EXACT = (stock, ours) -> stock.raw().equals(ours.raw());

    /** True when the reply of our server is as good as that of the stock server. */
    boolean matches(RespReply stock, RespReply ours);

    /** The mode of a script line, for instance {@code near} with {@code 1000}. */
    static ReplyComparison of(String mode, String parameter) {
        return switch (mode) {
            case "unordered" -> (stock, ours) -> sorted(stock).equals(sorted(ours));
            case "kind" -> ReplyComparison::sameKind;
            case "type" ->
                    (stock, ours) -> stock.type() == ours.type() && stock.isNull() == ours.isNull();
            case "near" -> near(Long.parseLong(parameter));
            case "subset" -> (stock, ours) -> raws(stock).containsAll(raws(ours));
            case "fields" -> fields(Arrays.asList(parameter.split(",")), true);
            case "has" -> fields(Arrays.asList(parameter.split(",")), false);
            case "sections" -> (stock, ours) -> sections(stock).equals(sections(ours));
            case "match" -> match(Pattern.compile(parameter, Pattern.DOTALL));
            case "code" -> (stock, ours) -> stock.isError() && code(stock).equals(code(ours));
            case "ours" ->
                    (stock, ours) ->
                            Subject.isStock()
                                    || (ours.raw().equals(parameter)
                                            && !stock.raw().equals(parameter));
            default -> throw new IllegalArgumentException("no such mode: @" + mode);
        };
    }

    /** Whether a mode is followed by a parameter. */
    static boolean takesParameter(String mode) {
        return switch (mode) {
            case "near", "fields", "has", "match", "ours" -> true;
            default -> false;
        };
    }

    private static ReplyComparison near(long distance) {
        return (stock, ours) -> isNear(stock, ours, distance);
    }

    /** Integers are near each other; in aggregates those may be anywhere, all else is equal. */
    private static boolean isNear(RespReply stock, RespReply ours, long distance) {
        if (stock.type() == ':' && ours.type() == ':') {
            return Math.abs(stock.integer() - ours.integer()) <= distance
                    && (stock.integer() < 0) == (ours.integer() < 0);
        }
        int size = stock.children().size();
        if (size == 0) {
            return !stock.isError() && stock.raw().equals(ours.raw());
        }
        if (stock.type() != ours.type() || size != ours.children().size()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!isNear(stock.children().get(i), ours.children().get(i), distance)) {
                return false;
            }
        }
        return true;
    }

    private static ReplyComparison match(Pattern pattern) {
        return (stock, ours) ->
                pattern.matcher(stock.raw()).matches() && pattern.matcher(ours.raw()).matches();
    }

    private static ReplyComparison fields(List<String> names, boolean withValues) {
        return (stock, ours) -> {
            List<String> expected = fieldLines(stock, names, withValues);
            return namesOf(stock).containsAll(names)
                    && expected.equals(fieldLines(ours, names, withValues))
                    && stock.type() == ours.type();
        };
    }

    /**
     * The lines {@code name:value} or words {@code name=value} of the named fields, in the order of
     * the reply.
     */
    private static List<String> fieldLines(
            RespReply reply, List<String> names, boolean withValues) {
        List<String> found = new ArrayList<>();
        for (String item : items(reply)) {
            if (names.contains(nameOf(item))) {
                found.add(withValues ? item : nameOf(item));
            }
        }
        return found;
    }

    private static List<String> namesOf(RespReply reply) {
        return items(reply).stream().map(ReplyComparison::nameOf).toList();
    }

    private static List<String> items(RespReply reply) {
        // A verbatim string of RESP3 begins with its format.
        String text = reply.type() == '=' ? reply.text().substring("txt:".length()) : reply.text();
        return Arrays.asList(text.split("\r\n|[ \n]"));
    }

    private static String nameOf(String item) {
        return item.split("[:=]", 2)[0];
    }

    private static List<String> sections(RespReply reply) {
        return reply.text().lines().filter(line -> line.startsWith("# ")).toList();
    }

    private static String code(RespReply reply) {
        return reply.isError() ? reply.text().split(" ", 2)[0] : "";
    }

    private static boolean sameKind(RespReply stock, RespReply ours) {
        if (stock.type() != ours.type()
                || stock.isNull() != ours.isNull()
                || stock.children().size() != ours.children().size()) {
            return false;
        }
        for (int i = 0; i < stock.children().size(); i++) {
            if (!sameKind(stock.children().get(i), ours.children().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> raws(RespReply reply) {
        return reply.children().stream().map(RespReply::raw).toList();
    }

    /** The elements in a fixed order; those of a map stay in pairs. */
    private static List<String> sorted(RespReply reply) {
        if (!reply.isAggregate()) {
            return List.of(reply.raw());
        }
        List<String> elements = new ArrayList<>(raws(reply));
        if (reply.type() == '%') {
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i < elements.size(); i += 2) {
                pairs.add(elements.get(i) + elements.get(i + 1));
            }
            elements = pairs;
        }
        Collections.sort(elements);
        elements.addFirst(String.valueOf(reply.type()));
        return elements;
    }
}

package io.keydb.e2e.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes up commands from a seed: few keys, so that they meet; arguments chosen where servers go
 * wrong. The same seed gives the same commands.
 *
 * <p>A command comes from a template. In it {@code K} is a key, {@code V} a value, {@code I} an
 * integer, {@code F} a number with a fraction, {@code S} seconds, {@code M} milliseconds, {@code A}
 * and {@code B} points in time in seconds and milliseconds, {@code D} a database, {@code P} a
 * pattern; {@code [x y|z]} is {@code x y} or {@code z} or nothing.
 *
 * <p>No expiry lies so near that it could pass on one server only, and no two are close enough for
 * a clock difference to turn a comparison of them.
 *
 * <p>Threads: confined to one test.
 */
final class RandomCommands {

    private static final String[] TEMPLATES = {
        "GET K",
        "GET K",
        "GET K",
        "SET K V",
        "SET K V",
        "SET K V",
        "SET K I",
        "SET K F",
        "SET K V [NX|XX] [GET] [EX S|PX M|EXAT A|PXAT B|KEEPTTL]",
        "SET K V [EX S|KEEPTTL] [NX|XX] [GET|EX S]",
        "SETNX K V",
        "SETEX K S V",
        "PSETEX K M V",
        "MSET K V K V",
        "MSET K V",
        "MSETNX K V K V",
        "MGET K K K",
        "GETEX K [EX S|PX M|EXAT A|PXAT B|PERSIST] [PERSIST]",
        "GETDEL K",
        "GETSET K V",
        "GETRANGE K I I",
        "SUBSTR K I I",
        "SETRANGE K O V",
        "APPEND K V",
        "STRLEN K",
        "INCR K",
        "DECR K",
        "INCRBY K I",
        "DECRBY K I",
        "INCRBYFLOAT K F",
        "INCRBYFLOAT K I",
        "LCS K K [LEN|IDX] [MINMATCHLEN I] [WITHMATCHLEN]",
        "DEL K",
        "DEL K K",
        "UNLINK K",
        "EXISTS K K",
        "TYPE K",
        "TOUCH K K",
        "KEYS P",
        "RANDOMKEY",
        "DBSIZE",
        "RENAME K K",
        "RENAMENX K K",
        "COPY K K [DB D] [REPLACE]",
        "MOVE K D",
        "SWAPDB D D",
        "SELECT D",
        "EXPIRE K S [NX|XX|GT|LT] [NX|XX|GT|LT]",
        "PEXPIRE K M [NX|XX|GT|LT]",
        "EXPIREAT K A [NX|XX|GT|LT]",
        "PEXPIREAT K B [NX|XX|GT|LT]",
        "TTL K",
        "PTTL K",
        "EXPIRETIME K",
        "PEXPIRETIME K",
        "PERSIST K",
        "OBJECT ENCODING K",
        "WATCH K",
        "UNWATCH",
        "MULTI",
        "EXEC",
        "EXEC",
        "DISCARD",
        "PING [V]",
        "ECHO V",
        "COMMAND GETKEYS SET K V",
        "FLUSHDB [ASYNC|SYNC|V]",
    };

    private static final String[] KEYS = {
        "a", "b", "c", "counter", "", "\0\r\n", "long-key-with-some-more-bytes-in-its-name"
    };
    private static final String[] INTEGERS = {
        "0",
        "1",
        "-1",
        "2",
        "5",
        "10",
        "-3",
        "100",
        "44",
        "45",
        "9999",
        "10000",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "-9223372036854775809",
        "9223372036854775806",
        "4294967296",
        "+1",
        "01",
        "-0",
        " 1",
        "1 ",
        "",
        "abc",
        "1.0",
        "1e3",
        "0x10"
    };
    private static final String[] FRACTIONS = {
        "0.1",
        "-0.1",
        "3.14159",
        "1e10",
        "1.5e-5",
        "-2.5",
        "0.0",
        "1e308",
        "1e17",
        "12345678.9",
        "0.3333333333333333",
        "100000000000000000000",
        ".5",
        "5.",
        "abc",
        "",
        " 1.5",
        "1.5 ",
        "1.5.5",
        "--1"
    };
    private static final String[] OFFSETS = {
        "0", "1", "3", "10", "60", "-1", "536870912", "abc", "9223372036854775807"
    };
    private static final String[] ODD_TIMES = {
        "0", "-1", "abc", "", "1.5", "9223372036854775807", "9223372036854775808"
    };
    private static final String[] DATABASES = {
        "0", "0", "0", "1", "1", "2", "15", "16", "-1", "abc"
    };
    private static final String[] PATTERNS = {
        "*", "a*", "?", "[a-c]", "[^a]", "*o*", "", "\\a", "[", "c*r"
    };
    private static final long FAR_SECONDS = 4_000_000_000L;

    private final Random random;
    private long distinct;

    RandomCommands(long seed) {
        this.random = new Random(seed);
    }

    /** A choice among so many. */
    int below(int count) {
        return random.nextInt(count);
    }

    List<String> next() {
        List<String> words = new ArrayList<>();
        for (String part : parts(pick(TEMPLATES))) {
            if (part.startsWith("[")) {
                optional(part.substring(1, part.length() - 1), words);
            } else {
                words.add(argument(part));
            }
        }
        if (words.size() > 1 && random.nextInt(40) == 0) {
            distort(words);
        }
        return words;
    }

    private void optional(String alternatives, List<String> words) {
        if (random.nextInt(5) < 2) {
            return;
        }
        for (String word : pick(alternatives.split("\\|")).split(" ")) {
            words.add(argument(word));
        }
    }

    /** Drops, doubles or garbles one argument, or changes the case of a word. */
    private void distort(List<String> words) {
        int at = 1 + random.nextInt(words.size() - 1);
        switch (random.nextInt(4)) {
            case 0 -> words.remove(at);
            case 1 -> words.add(at, words.get(at));
            case 2 -> words.set(0, words.getFirst().toLowerCase(java.util.Locale.ROOT));
            default -> words.add("BOGUS");
        }
    }

    private String argument(String word) {
        return switch (word) {
            case "K" -> pick(KEYS);
            case "V" -> value();
            case "I" -> pick(INTEGERS);
            case "F" -> random.nextBoolean() ? pick(FRACTIONS) : fraction();
            case "O" -> pick(OFFSETS);
            case "S" -> odd() ? pick(ODD_TIMES) : Long.toString(100_000 + distinctStep());
            case "M" ->
                    odd() ? pick(ODD_TIMES) : Long.toString(100_000_000 + 1000 * distinctStep());
            case "A" -> odd() ? pick(ODD_TIMES) : Long.toString(FAR_SECONDS + distinctStep());
            case "B" ->
                    odd() ? pick(ODD_TIMES) : Long.toString(1000 * (FAR_SECONDS + distinctStep()));
            case "D" -> pick(DATABASES);
            case "P" -> pick(PATTERNS);
            default -> word;
        };
    }

    private String value() {
        return switch (random.nextInt(8)) {
            case 0 -> pick(INTEGERS);
            case 1 -> pick(FRACTIONS);
            case 2 -> "x".repeat(42 + random.nextInt(5));
            case 3 -> "";
            case 4 -> "\0\u00ff\r\n";
            case 5 -> "v".repeat(random.nextInt(600));
            default -> "value" + random.nextInt(100);
        };
    }

    /** Any number of digits before and after the point, sometimes with an exponent. */
    private String fraction() {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "-");
        digits(text, 1 + random.nextInt(random.nextInt(4) == 0 ? 22 : 5));
        text.append('.');
        digits(text, 1 + random.nextInt(random.nextInt(3) == 0 ? 22 : 5));
        if (random.nextInt(5) == 0) {
            text.append('e').append(random.nextInt(41) - 20);
        }
        return text.toString();
    }

    private void digits(StringBuilder text, int count) {
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
    }

    private boolean odd() {
        return random.nextInt(8) == 0;
    }

    private long distinctStep() {
        return 1000L * ++distinct;
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }

    /** Splits a template at blanks outside of brackets. */
    private static List<String> parts(String template) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= template.length(); i++) {
            char here = i == template.length() ? ' ' : template.charAt(i);
            depth += here == '[' ? 1 : here == ']' ? -1 : 0;
            if (here == ' ' && depth == 0) {
                parts.add(template.substring(start, i));
                start = i + 1;
            }
        }
        return parts;
    }
}

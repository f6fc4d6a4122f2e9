package io.keydb.e2e.differential;

import java.util.List;
import java.util.Random;

/**
 * Makes up what a letter of a template stands for: few names, so that they meet, and numbers where
 * servers go wrong.
 *
 * <p>No expiry lies so near that it could pass on one server only, and no two are close enough for
 * a clock difference to turn a comparison of them.
 *
 * <p>Threads: confined to one test.
 */
final class RandomArguments {

    private static final List<String> SHARED_KEYS =
            List.of(
                    "a",
                    "b",
                    "c",
                    "counter",
                    "",
                    "\0\r\n",
                    "long-key-with-some-more-bytes-in-its-name");
    private static final List<String> INTEGERS =
            Words.split(
                    "0 1 -1 2 5 10 -3 100 44 45 9999 10000 9223372036854775807"
                            + " -9223372036854775808 9223372036854775808 -9223372036854775809"
                            + " 9223372036854775806 4294967296 +1 01 -0 \" 1\" \"1 \" \"\" abc 1.0"
                            + " 1e3 0x10");
    private static final List<String> FRACTIONS =
            Words.split(
                    "0.1 -0.1 3.14159 1e10 1.5e-5 -2.5 0.0 1e308 1e17 12345678.9"
                            + " 0.3333333333333333 100000000000000000000 .5 5. abc \"\" \" 1.5\""
                            + " \"1.5 \" 1.5.5 --1");
    private static final List<String> OFFSETS =
            Words.split("0 1 3 10 60 -1 536870912 abc 9223372036854775807");
    private static final List<String> ODD_TIMES =
            Words.split("0 -1 abc \"\" 1.5 9223372036854775807 9223372036854775808");
    private static final List<String> DATABASES = Words.split("0 0 0 1 1 2 15 16 -1 abc");
    private static final List<String> PATTERNS =
            Words.split("* a* ? [a-c] [^a] *o* \"\" \"\\\\a\" [ c*r *1*");
    private static final List<String> ELEMENTS =
            Words.split(
                    "a b c field 1 2 -1 127 128 -5000 100000 9223372036854775807"
                            + " -9223372036854775808 9223372036854775808 01 1.5 \"\" \"\\x00\\xff\\r\\n\"");
    private static final List<String> COUNTS =
            Words.split("0 1 1 2 2 3 5 10 100 -1 -2 -10 abc \"\" 1.5");
    private static final List<String> RANKS =
            Words.split("0 0 1 2 3 5 10 100 -1 -1 -2 -3 -10 -100 abc 4294967296 1.5");
    private static final List<String> SCORES =
            Words.split(
                    "0 1 1 2 3 10 -1 -0 0.5 1.5 -2.5 3.14159 0.1 1e10 1e300 -1e300 1e-10 inf -inf"
                            + " +inf nan 9007199254740993 123456789012345678 abc \"\" \" 1\" 1.0 0x10");
    private static final List<String> IDS =
            Words.split(
                    "0 0-0 0-1 1 1-0 1-1 5 5-5 10-3 - + $ (1 (5-5 (0-0"
                            + " 18446744073709551615-18446744073709551615 18446744073709551615"
                            + " 18446744073709551616 abc 1- -1 1-2-3 \"\" 3-*");
    private static final long FAR_SECONDS = 4_000_000_000L;

    private final Random random;
    private long distinct;

    RandomArguments(Random random) {
        this.random = random;
    }

    /** What a letter stands for, or the letter when it stands for itself. */
    String ofLetter(char letter, TemplateFile file, String family) {
        List<String> own = file.letters().get(letter);
        return own != null ? pick(own) : ofCommonLetter(letter, family);
    }

    private String ofCommonLetter(char letter, String family) {
        return switch (letter) {
            case 'K' -> key(family);
            case 'V' -> value();
            case 'I' -> pick(INTEGERS);
            case 'F' -> random.nextBoolean() ? pick(FRACTIONS) : fraction();
            case 'O' -> pick(OFFSETS);
            case 'S' -> odd() ? pick(ODD_TIMES) : Long.toString(100_000 + distinctStep());
            case 'M' ->
                    odd() ? pick(ODD_TIMES) : Long.toString(100_000_000 + 1000 * distinctStep());
            case 'A' -> odd() ? pick(ODD_TIMES) : Long.toString(FAR_SECONDS + distinctStep());
            case 'B' ->
                    odd() ? pick(ODD_TIMES) : Long.toString(1000 * (FAR_SECONDS + distinctStep()));
            case 'D' -> pick(DATABASES);
            case 'P' -> pick(PATTERNS);
            default -> ofElementLetter(letter);
        };
    }

    private String ofElementLetter(char letter) {
        return switch (letter) {
            case 'E' -> element();
            case 'N' -> pick(COUNTS);
            case 'R' -> pick(RANKS);
            case 'X' -> score();
            case 'Y' -> random.nextInt(3) == 0 ? "(" + score() : score();
            case 'L' -> limit();
            case 'T' -> random.nextBoolean() ? pick(IDS) : id();
            case 'G' -> "group" + random.nextInt(3);
            case 'C' -> "consumer" + random.nextInt(3);
            default -> String.valueOf(letter);
        };
    }

    /** More often one of the family's own, which seldom hold another type, than a shared one. */
    private String key(String family) {
        return random.nextInt(5) < 3 ? family + ":" + random.nextInt(4) : pick(SHARED_KEYS);
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

    private String element() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> pick(ELEMENTS);
            case 3, 4 -> Integer.toString(random.nextInt(300));
            case 5, 6 -> "e" + random.nextInt(300);
            default -> random.nextInt(4) == 0 ? "long".repeat(15 + random.nextInt(3)) : "f";
        };
    }

    private String score() {
        return switch (random.nextInt(4)) {
            case 0 -> pick(SCORES);
            case 1 -> fraction();
            default -> Integer.toString(random.nextInt(40) - 10);
        };
    }

    private String limit() {
        return switch (random.nextInt(8)) {
            case 0 -> "-";
            case 1 -> "+";
            case 2 -> pick(ELEMENTS);
            case 3, 4 -> "(" + element();
            default -> "[" + element();
        };
    }

    private String id() {
        return random.nextInt(60) + "-" + random.nextInt(5);
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

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}

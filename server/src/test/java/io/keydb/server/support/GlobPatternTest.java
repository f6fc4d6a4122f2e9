package io.keydb.server.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns match exactly what stock's matcher matches. */
class GlobPatternTest {

    @ParameterizedTest
    @CsvSource({
        "*, abc, true",
        "a*, abc, true",
        "a*, a, true",
        "*c, abc, true",
        "a?c, abc, true",
        "a?c, ac, false",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[^a-c]x, dx, true",
        "[^a-c]x, ax, false",
        "[c-a]x, bx, true",
        "[abc, b, true",
        "[abc, d, false",
        "[^, z, true",
        "[, z, false",
        "[]a], a, false",
        "[\\]a]b, ]b, true",
        "\\*, *, true",
        "\\*, a, false",
        "a\\, a\\, true",
        "h**llo, heeello, true",
        "*a*b*c, xaxbxc, true",
        "*a*b*c, xaxcxb, false",
        "'', '', true",
        "'', a, false",
        "*, '', false",
        "**, '', false",
    })
    void matches(String pattern, String text, boolean expected) {
        assertThat(GlobPattern.compile(bytes(pattern)).matches(bytes(text))).isEqualTo(expected);
    }

    @Test
    void caseIsIgnoredWhenAsked() {
        GlobPattern pattern = GlobPattern.compileIgnoringCase(bytes("MAX[a-f]*"));
        assertThat(pattern.matches(bytes("maxABC"))).isTrue();
        assertThat(pattern.matches(bytes("maxx"))).isFalse();
        assertThat(GlobPattern.compile(bytes("MAX")).matches(bytes("max"))).isFalse();
    }

    @Test
    void patternsOfTooManyStarsMatchNothing() {
        byte[] text = bytes("a".repeat(3000));
        assertThat(GlobPattern.compile(bytes("*?".repeat(1000))).matches(text)).isTrue();
        assertThat(GlobPattern.compile(bytes("*?".repeat(1000) + "*")).matches(text)).isTrue();
        assertThat(GlobPattern.compile(bytes("*?".repeat(1001))).matches(text)).isFalse();
    }

    @Test
    void partOfAnArrayIsMatched() {
        assertThat(GlobPattern.compile(bytes("b?d")).matches(bytes("abcde"), 1, 3)).isTrue();
    }

    @Test
    void manyStarsDoNotBlowUp() {
        GlobPattern pattern = GlobPattern.compile(bytes("a*".repeat(50) + "b"));
        assertThat(pattern.matches(bytes("a".repeat(10_000)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalsStocksAlgorithmForRandomPatterns(boolean ignoreCase) {
        long seed = 20;
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            byte[] pattern = random(random, "**?[]^-\\aAbBzZ{\u00e9\u0080", 10);
            byte[] text = random(random, "aAbBzZ-]\\{\u00e9\u0080", 8);
            GlobPattern compiled =
                    ignoreCase
                            ? GlobPattern.compileIgnoringCase(pattern)
                            : GlobPattern.compile(pattern);
            assertThat(compiled.matches(text))
                    .as(
                            "seed %d: %s on %s",
                            seed, new String(pattern, ISO_8859_1), new String(text, ISO_8859_1))
                    .isEqualTo(new ReferenceGlob(pattern, text, ignoreCase).matches());
        }
    }

    private static byte[] random(Random random, String alphabet, int longest) {
        byte[] bytes = new byte[random.nextInt(longest + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Stock's matcher as it is defined: recursive, and reading a zero byte behind the pattern. */
    private static final class ReferenceGlob {
        private final byte[] pattern;
        private final byte[] text;
        private final boolean ignoreCase;

        ReferenceGlob(byte[] pattern, byte[] text, boolean ignoreCase) {
            this.pattern = pattern;
            this.text = text;
            this.ignoreCase = ignoreCase;
        }

        boolean matches() {
            return matches(0, 0);
        }

        private int at(int index) {
            return index < pattern.length ? pattern[index] : 0;
        }

        private boolean matches(int patternStart, int textStart) {
            int p = patternStart;
            int t = textStart;
            while (p < pattern.length && t < text.length) {
                switch (pattern[p]) {
                    case '*' -> {
                        while (at(p + 1) == '*') {
                            p++;
                        }
                        if (p + 1 == pattern.length) {
                            return true;
                        }
                        for (; t < text.length; t++) {
                            if (matches(p + 1, t)) {
                                return true;
                            }
                        }
                        return false;
                    }
                    case '?' -> t++;
                    case '[' -> {
                        p = matchClass(p + 1, text[t]);
                        if (p < 0) {
                            return false;
                        }
                        t++;
                    }
                    default -> {
                        if (pattern[p] == '\\' && p + 1 < pattern.length) {
                            p++;
                        }
                        if (fold(pattern[p]) != fold(text[t])) {
                            return false;
                        }
                        t++;
                    }
                }
                p++;
                if (t == text.length) {
                    while (at(p) == '*') {
                        p++;
                    }
                    break;
                }
            }
            return p == pattern.length && t == text.length;
        }

        /** The index of the class's last byte; -1 when it does not take the value. */
        private int matchClass(int start, byte value) {
            int p = start;
            boolean negated = at(p) == '^';
            if (negated) {
                p++;
            }
            boolean found = false;
            while (true) {
                int left = pattern.length - p;
                if (left >= 2 && at(p) == '\\') {
                    p++;
                    found |= at(p) == value;
                } else if (at(p) == ']') {
                    break;
                } else if (left == 0) {
                    p--;
                    break;
                } else if (left >= 3 && at(p + 1) == '-') {
                    int from = fold(Math.min(at(p), at(p + 2)));
                    int to = fold(Math.max(at(p), at(p + 2)));
                    found |= fold(value) >= from && fold(value) <= to;
                    p += 2;
                } else {
                    found |= fold(at(p)) == fold(value);
                }
                p++;
            }
            return found != negated ? p : -1;
        }

        private int fold(int value) {
            return ignoreCase && value >= 'A' && value <= 'Z' ? value + 32 : value;
        }
    }
}

package io.keydb.e2e.scripting;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes up scripts that mean harm, from the grammar in {@code hostile/grammar.txt}.
 *
 * <p>Threads: confined to one thread.
 */
final class HostileScripts {
    private static final String GRAMMAR = "/hostile/grammar.txt";
    private static final Pattern RULE = Pattern.compile("<([a-z]+)>");
    private static final int DEEPEST = 8;

    private final Map<String, List<String>> rules = new HashMap<>();
    private final Random random;

    /**
     * @param path what stands for the file that scripts must not reach
     */
    HostileScripts(long seed, String path) {
        random = new Random(seed);
        List<String> current = new ArrayList<>();
        for (String line : grammar().split("\n")) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.matches("[a-z]+:")) {
                current = new ArrayList<>();
                rules.put(line.substring(0, line.length() - 1), current);
            } else {
                current.add(line);
            }
        }
        rules.put("path", List.of(path));
    }

    private static String grammar() {
        try (InputStream file = HostileScripts.class.getResourceAsStream(GRAMMAR)) {
            return new String(
                    Objects.requireNonNull(file).readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The next script. */
    String next() {
        return expand("script", 0);
    }

    /** Any of so many, evenly. */
    int choose(int count) {
        return random.nextInt(count);
    }

    private String expand(String rule, int depth) {
        List<String> alternatives = Objects.requireNonNull(rules.get(rule), rule);
        // deep down only the first, which is a leaf
        String chosen = alternatives.get(depth > DEEPEST ? 0 : random.nextInt(alternatives.size()));
        Matcher holes = RULE.matcher(chosen);
        StringBuilder text = new StringBuilder();
        while (holes.find()) {
            holes.appendReplacement(
                    text, Matcher.quoteReplacement(expand(holes.group(1), depth + 1)));
        }
        return holes.appendTail(text).toString();
    }
}

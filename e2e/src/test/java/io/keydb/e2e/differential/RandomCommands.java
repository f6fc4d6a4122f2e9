package io.keydb.e2e.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Makes up commands from a seed and the templates of one family or of all. The same seed and the
 * same files give the same commands.
 *
 * <p>Threads: confined to one test.
 */
final class RandomCommands {

    /** The family that stands for all of them. */
    static final String ALL = "all";

    private static final String GENERIC = "generic";

    /**
     * Commands that are not garbled: without its count, SPOP would leave what chance leaves, and
     * the others take an argument more here than they take from stock.
     */
    private static final Set<String> EXACT = Set.of("SPOP", "TTL", "PTTL", "PERSIST");

    private final Random random;
    private final RandomArguments arguments;
    private final String family;
    private final List<TemplateFile> files;
    private final boolean[] inTransaction;

    RandomCommands(long seed, String family, List<TemplateFile> files, int connections) {
        this.random = new Random(seed);
        this.arguments = new RandomArguments(random);
        this.family = family;
        this.files = files;
        this.inTransaction = new boolean[connections];
    }

    /** A choice among so many. */
    int below(int count) {
        return random.nextInt(count);
    }

    /** The next command of a connection; its transactions come to an end soon. */
    List<String> next(int connection) {
        List<String> words = new ArrayList<>();
        if (inTransaction[connection] && random.nextInt(8) == 0) {
            words.add("EXEC");
        } else {
            TemplateFile file = file();
            Template template = pick(file.templates());
            addAll(template.parts(), file, words);
            boolean exact = words.size() == 1 || EXACT.contains(words.getFirst());
            if (!exact && random.nextInt(40) == 0) {
                distort(words);
            }
        }
        switch (words.getFirst().toUpperCase(Locale.ROOT)) {
            case "MULTI" -> inTransaction[connection] = true;
            case "EXEC", "DISCARD" -> inTransaction[connection] = false;
            default -> {
                // Stays as it is.
            }
        }
        return words;
    }

    /** Six of eight times the family's own, once that of keys in general, once any. */
    private TemplateFile file() {
        int choice = random.nextInt(8);
        String wanted = choice == 0 ? GENERIC : choice == 1 ? ALL : family;
        if (wanted.equals(ALL)) {
            return pick(files);
        }
        return files.stream()
                .filter(file -> file.family().equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    private void addAll(List<Template.Part> parts, TemplateFile file, List<String> words) {
        parts.forEach(part -> add(part, file, words));
    }

    private void add(Template.Part part, TemplateFile file, List<String> words) {
        switch (part) {
            case Template.Part.Literal(String text) -> words.add(text);
            case Template.Part.Word(String text) -> words.add(replaced(text, file));
            case Template.Part.Choice(List<List<Template.Part>> alternatives, boolean optional) -> {
                if (!optional || random.nextInt(5) > 1) {
                    addAll(pick(alternatives), file, words);
                }
            }
            case Template.Part.Repeated(List<Template.Part> repeated) -> {
                for (int left = times(); left > 0; left--) {
                    addAll(repeated, file, words);
                }
            }
            case Template.Part.Counted(List<Template.Part> counted) -> {
                int count = times();
                words.add(random.nextInt(25) == 0 ? count() : Integer.toString(count));
                for (int left = count; left > 0; left--) {
                    addAll(counted, file, words);
                }
            }
        }
    }

    private int times() {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1 + random.nextInt(2);
    }

    private String count() {
        return pick(List.of("0", "-1", "abc", "3", "100", "9223372036854775807"));
    }

    /** The word itself, or what its letter stands for: all of it, or within braces. */
    private String replaced(String word, TemplateFile file) {
        if (word.length() == 1 && Character.isUpperCase(word.charAt(0))) {
            return argument(word.charAt(0), file);
        }
        StringBuilder replaced = new StringBuilder(word);
        int at = replaced.indexOf("{");
        while (at >= 0 && at + 2 < replaced.length() && replaced.charAt(at + 2) == '}') {
            String argument = argument(replaced.charAt(at + 1), file);
            replaced.replace(at, at + 3, argument);
            at = replaced.indexOf("{", at + argument.length());
        }
        return replaced.toString();
    }

    private String argument(char letter, TemplateFile file) {
        boolean ofFile = !file.family().equals(GENERIC);
        String keys = ofFile ? file.family() : family.equals(ALL) ? pick(files).family() : family;
        return arguments.ofLetter(letter, file, keys);
    }

    /** Drops, doubles or garbles one argument, or changes the case of a word. */
    private void distort(List<String> words) {
        int at = 1 + random.nextInt(words.size() - 1);
        switch (random.nextInt(4)) {
            case 0 -> words.remove(at);
            case 1 -> words.add(at, words.get(at));
            case 2 -> words.set(0, words.getFirst().toLowerCase(Locale.ROOT));
            default -> words.add("BOGUS");
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

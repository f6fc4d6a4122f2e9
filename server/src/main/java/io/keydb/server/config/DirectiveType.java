package io.keydb.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How the words of a directive become a value and how the value is written again. The reasons for a
 * refusal are those of stock servers. Subsystems whose directives have a form of their own
 * implement it, others find theirs here.
 *
 * <p>Threads: immutable.
 *
 * @param <T> the type of the value
 */
public interface DirectiveType<T> {

    /** The value that {@code words} stand for; at least one word unless the type takes several. */
    T parse(List<String> words) throws InvalidValue;

    /** The value as CONFIG GET shows it. */
    String print(T value);

    /** What may be written, for the documentation. */
    String syntax();

    /** Whether the directive takes any number of words, as {@code bind} does. */
    default boolean takesSeveralWords() {
        return false;
    }

    /**
     * The value after {@code given} was set where {@code former} stood: as a rule, what was given.
     * A directive whose value is put together from several lines says here how.
     *
     * @param again whether an earlier line of the same configuration set the directive already;
     *     false for CONFIG SET
     */
    default T combined(T former, T given, boolean again) {
        return given;
    }

    /**
     * What CONFIG REWRITE writes behind the name, one text for each line; no text removes the
     * directive from the file.
     */
    default List<String> lines(T value) {
        return List.of(print(value));
    }

    /** {@code yes} or {@code no}. */
    record Toggle() implements DirectiveType<Boolean> {
        @Override
        public Boolean parse(List<String> words) throws InvalidValue {
            return switch (words.getFirst().toLowerCase(Locale.ROOT)) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw new InvalidValue("argument must be 'yes' or 'no'");
            };
        }

        @Override
        public String print(Boolean value) {
            return value ? "yes" : "no";
        }

        @Override
        public String syntax() {
            return "yes | no";
        }
    }

    /** A whole number within limits, both included. */
    record Whole(long smallest, long largest) implements DirectiveType<Long> {
        private static final Pattern DECIMAL = Pattern.compile("0|-?[1-9][0-9]*");

        @Override
        public Long parse(List<String> words) throws InvalidValue {
            if (!DECIMAL.matcher(words.getFirst()).matches()) {
                throw notWhole();
            }
            try {
                return within(Long.parseLong(words.getFirst()), smallest, largest);
            } catch (NumberFormatException tooLarge) {
                throw notWhole();
            }
        }

        private static InvalidValue notWhole() {
            return new InvalidValue("argument couldn't be parsed into an integer");
        }

        @Override
        public String print(Long value) {
            return value.toString();
        }

        @Override
        public String syntax() {
            return "integer, " + limits(smallest, largest);
        }
    }

    /** An amount of memory in bytes, within limits. */
    record Memory(long smallest, long largest) implements DirectiveType<Long> {
        @Override
        public Long parse(List<String> words) throws InvalidValue {
            return within(MemorySize.parse(words.getFirst()), smallest, largest);
        }

        @Override
        public String print(Long value) {
            return value.toString();
        }

        @Override
        public List<String> lines(Long value) {
            return List.of(MemorySize.print(value));
        }

        @Override
        public String syntax() {
            return smallest == 0 && largest == Long.MAX_VALUE
                    ? "memory"
                    : "memory, " + limits(smallest, largest);
        }
    }

    /** An amount of memory, or a part of something in percent, kept as a negative number. */
    record MemoryOrPercent() implements DirectiveType<Long> {
        private static final Pattern PERCENT = Pattern.compile("(0|[1-9][0-9]{0,8})%");
        private static final int WHOLE = 100;

        @Override
        public Long parse(List<String> words) throws InvalidValue {
            String word = words.getFirst();
            if (PERCENT.matcher(word).matches()) {
                long percent = Long.parseLong(word.substring(0, word.length() - 1));
                if (percent > WHOLE) {
                    throw new InvalidValue("percentage argument must be less or equal to 100");
                }
                return -percent;
            }
            try {
                return MemorySize.parse(word);
            } catch (InvalidValue neither) {
                throw new InvalidValue("argument must be a memory or percent value");
            }
        }

        @Override
        public String print(Long value) {
            return value < 0 ? -value + "%" : value.toString();
        }

        @Override
        public List<String> lines(Long value) {
            return List.of(value < 0 ? print(value) : MemorySize.print(value));
        }

        @Override
        public String syntax() {
            return "memory, or percent";
        }
    }

    /** An octal number within limits, such as the permissions of a file. */
    record Octal(int smallest, int largest) implements DirectiveType<Integer> {
        private static final int EIGHT = 8;

        @Override
        public Integer parse(List<String> words) throws InvalidValue {
            try {
                int value = Integer.parseUnsignedInt(words.getFirst(), EIGHT);
                if (value < smallest || value > largest) {
                    throw new InvalidValue(
                            "argument must be between "
                                    + Integer.toOctalString(smallest)
                                    + " and "
                                    + Integer.toOctalString(largest)
                                    + " inclusive");
                }
                return value;
            } catch (NumberFormatException noNumber) {
                throw new InvalidValue("argument couldn't be parsed as an octal number");
            }
        }

        @Override
        public String print(Integer value) {
            return Integer.toOctalString(value);
        }

        @Override
        public String syntax() {
            return "octal, "
                    + Integer.toOctalString(smallest)
                    + " to "
                    + Integer.toOctalString(largest);
        }
    }

    /**
     * Any text.
     *
     * @param emptyIsAbsent whether an empty text is the same as none, so that no line is written
     */
    record Text(boolean emptyIsAbsent) implements DirectiveType<String> {
        @Override
        public String parse(List<String> words) {
            return words.getFirst();
        }

        @Override
        public String print(String value) {
            return value;
        }

        @Override
        public List<String> lines(String value) {
            return emptyIsAbsent && value.isEmpty() ? List.of() : List.of(QuotedText.quote(value));
        }

        @Override
        public String syntax() {
            return "text";
        }
    }

    /** One constant of an enum, written in lower case with {@code -} for {@code _}. */
    record Choice<E extends Enum<E>>(Class<E> constants) implements DirectiveType<E> {
        @Override
        public E parse(List<String> words) throws InvalidValue {
            for (E constant : constants.getEnumConstants()) {
                if (print(constant).equalsIgnoreCase(words.getFirst())) {
                    return constant;
                }
            }
            throw new InvalidValue(
                    "argument(s) must be one of the following: " + String.join(", ", names()));
        }

        @Override
        public String print(E value) {
            return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public String syntax() {
            return String.join(" | ", names());
        }

        private List<String> names() {
            List<String> names = new ArrayList<>();
            for (E constant : constants.getEnumConstants()) {
                names.add(print(constant));
            }
            return names;
        }
    }

    /**
     * Words in their order.
     *
     * @param needsLine whether a file says so when there are none
     */
    record Words(int most, boolean needsLine) implements DirectiveType<List<String>> {
        @Override
        public List<String> parse(List<String> words) throws InvalidValue {
            List<String> parts = new ArrayList<>(words);
            parts.removeIf(String::isEmpty);
            if (parts.size() > most) {
                throw new InvalidValue("wrong number of arguments");
            }
            return List.copyOf(parts);
        }

        @Override
        public String print(List<String> value) {
            return String.join(" ", value);
        }

        @Override
        public List<String> lines(List<String> value) {
            if (value.isEmpty() && !needsLine) {
                return List.of();
            }
            return List.of(value.isEmpty() ? QuotedText.quote("") : print(value));
        }

        @Override
        public String syntax() {
            return "words, at most " + most;
        }

        @Override
        public boolean takesSeveralWords() {
            return true;
        }
    }

    private static long within(long value, long smallest, long largest) throws InvalidValue {
        if (value < smallest || value > largest) {
            throw new InvalidValue(
                    "argument must be between " + smallest + " and " + largest + " inclusive");
        }
        return value;
    }

    private static String limits(long smallest, long largest) {
        return largest == Long.MAX_VALUE ? "at least " + smallest : smallest + " to " + largest;
    }
}

package io.keydb.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the words of a directive become a value and how the value is written again. The reasons for a
 * refusal are those of stock servers.
 *
 * <p>Threads: immutable.
 *
 * @param <T> the type of the value
 */
public sealed interface DirectiveType<T> {

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
        @Override
        public Long parse(List<String> words) throws InvalidValue {
            try {
                return within(Long.parseLong(words.getFirst()), smallest, largest);
            } catch (NumberFormatException noNumber) {
                throw new InvalidValue("argument couldn't be parsed into an integer");
            }
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
        public String syntax() {
            return smallest == 0 && largest == Long.MAX_VALUE
                    ? "memory"
                    : "memory, " + limits(smallest, largest);
        }
    }

    /** Any text. */
    record Text() implements DirectiveType<String> {
        @Override
        public String parse(List<String> words) {
            return words.getFirst();
        }

        @Override
        public String print(String value) {
            return value;
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

    /** Words in their order; one word with spaces in it stands for its parts. */
    record Words(int most) implements DirectiveType<List<String>> {
        @Override
        public List<String> parse(List<String> words) throws InvalidValue {
            List<String> parts = new ArrayList<>();
            for (String word : words) {
                for (String part : word.split(" ")) {
                    if (!part.isEmpty()) {
                        parts.add(part);
                    }
                }
            }
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

package io.keydb.server.net;

import io.keydb.server.config.DirectiveType;
import io.keydb.server.config.InvalidValue;
import java.util.List;
import java.util.Locale;

/**
 * From which processor on threads are bound, counted from 1: {@code false} for none, {@code true}
 * for the first.
 *
 * <p>Threads: immutable.
 */
record CoreForm() implements DirectiveType<Integer> {
    static final int NONE = 0;

    private static final int MOST = 1024;

    @Override
    public Integer parse(List<String> words) throws InvalidValue {
        String word = words.getFirst().toLowerCase(Locale.ROOT);
        switch (word) {
            case "false" -> {
                return NONE;
            }
            case "true" -> {
                return 1;
            }
            default -> {
                try {
                    int first = Integer.parseInt(word);
                    if (first > 0 && first <= MOST) {
                        return first;
                    }
                } catch (NumberFormatException refused) {
                    // as a number out of range
                }
                throw new InvalidValue(
                        "Unknown argument: server-thread-affinity expects either true or false");
            }
        }
    }

    @Override
    public String print(Integer first) {
        return switch (first) {
            case NONE -> "false";
            case 1 -> "true";
            default -> first.toString();
        };
    }

    @Override
    public String syntax() {
        return "true | false | integer, 1 to " + MOST;
    }
}

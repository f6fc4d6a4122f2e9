package io.keydb.server.persistence;

import io.keydb.server.config.DirectiveType;
import io.keydb.server.config.InvalidValue;
import java.util.ArrayList;
import java.util.List;

/** The dump file is to be written when it is so old and so much has changed since. */
public record SavePoint(long seconds, long changes) {

    /** Whether it asks for a new file. */
    boolean isDue(long ageSeconds, long changesSince) {
        return changesSince >= changes && ageSeconds > seconds;
    }

    @Override
    public String toString() {
        return seconds + " " + changes;
    }

    /**
     * Save points as words: seconds and changes of each. Several lines of a file add up; an empty
     * one takes away what came before.
     */
    record Points() implements DirectiveType<List<SavePoint>> {
        @Override
        public List<SavePoint> parse(List<String> words) throws InvalidValue {
            List<String> numbers = words;
            if (words.size() == 1) {
                String word = words.getFirst();
                numbers = word.isEmpty() ? List.of() : List.of(word.split(" ", -1));
            }
            if (numbers.size() % 2 != 0) {
                throw new InvalidValue("Invalid save parameters");
            }
            List<SavePoint> points = new ArrayList<>();
            for (int i = 0; i < numbers.size(); i += 2) {
                points.add(new SavePoint(number(numbers.get(i), 1), number(numbers.get(i + 1), 0)));
            }
            return List.copyOf(points);
        }

        private static long number(String word, long least) throws InvalidValue {
            try {
                long number = Long.parseLong(word);
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException noNumber) {
                // told below
            }
            throw new InvalidValue("Invalid save parameters");
        }

        @Override
        public List<SavePoint> combined(
                List<SavePoint> former, List<SavePoint> given, boolean again) {
            if (!again || given.isEmpty()) {
                return given;
            }
            List<SavePoint> all = new ArrayList<>(former);
            all.addAll(given);
            return List.copyOf(all);
        }

        @Override
        public String print(List<SavePoint> points) {
            return String.join(" ", points.stream().map(SavePoint::toString).toList());
        }

        @Override
        public List<String> lines(List<SavePoint> points) {
            return points.isEmpty()
                    ? List.of("\"\"")
                    : points.stream().map(SavePoint::toString).toList();
        }

        @Override
        public String syntax() {
            return "pairs of seconds and changes";
        }

        @Override
        public boolean takesSeveralWords() {
            return true;
        }
    }
}

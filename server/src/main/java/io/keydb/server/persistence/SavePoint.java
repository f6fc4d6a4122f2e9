package io.keydb.server.persistence;

import io.keydb.server.config.InvalidValue;
import java.util.ArrayList;
import java.util.List;

/** The dump file is to be written when it is so old and so much has changed since. */
record SavePoint(long seconds, long changes) {

    /** Pairs of words: seconds and changes. */
    static List<SavePoint> parse(List<String> words) throws InvalidValue {
        if (words.size() % 2 != 0) {
            throw new InvalidValue("Invalid save parameters");
        }
        List<SavePoint> points = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 2) {
            points.add(new SavePoint(number(words.get(i), 1), number(words.get(i + 1), 0)));
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

    /** Whether it asks for a new file. */
    boolean isDue(long ageSeconds, long changesSince) {
        return changesSince >= changes && ageSeconds > seconds;
    }
}

package io.keydb.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A line that may stand in a file many times; the value is all of them, each as its words.
 *
 * <p>Threads: immutable.
 *
 * @param fewest the fewest words a line may have
 * @param most the most
 * @param syntax what may stand there, for the documentation
 */
public record RepeatedLine(int fewest, int most, String syntax)
        implements DirectiveType<List<List<String>>> {

    @Override
    public List<List<String>> parse(List<String> words) throws InvalidValue {
        if (words.size() < fewest || words.size() > most) {
            throw new InvalidValue("wrong number of arguments");
        }
        return List.of(List.copyOf(words));
    }

    @Override
    public List<List<String>> combined(
            List<List<String>> former, List<List<String>> given, boolean again) {
        List<List<String>> all = new ArrayList<>(former);
        all.addAll(given);
        return List.copyOf(all);
    }

    @Override
    public boolean takesSeveralWords() {
        return true;
    }

    @Override
    public String print(List<List<String>> value) {
        return "";
    }
}

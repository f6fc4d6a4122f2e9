package io.keydb.server.acl;

import java.util.ArrayList;
import java.util.List;

/**
 * A selector is one rule with blanks in it; people write it as several words.
 *
 * <p>Threads: stateless.
 */
final class SelectorWords {
    private SelectorWords() {}

    /** Says at which word a selector begins that does not end. */
    static final class Unmatched extends Exception {
        private static final long serialVersionUID = 1L;

        Unmatched(String word) {
            super(word, null, false, false);
        }

        String word() {
            return String.valueOf(getMessage());
        }
    }

    /** Joins the words from an opening parenthesis to the closing one. */
    static List<String> join(List<String> words) throws Unmatched {
        List<String> joined = new ArrayList<>();
        StringBuilder selector = null;
        String first = "";
        for (String word : words) {
            if (selector == null && word.startsWith("(") && !word.endsWith(")")) {
                selector = new StringBuilder(word);
                first = word;
            } else if (selector != null) {
                selector.append(' ').append(word);
                if (word.endsWith(")")) {
                    joined.add(selector.toString());
                    selector = null;
                }
            } else {
                joined.add(word);
            }
        }
        if (selector != null) {
            throw new Unmatched(first);
        }
        return joined;
    }
}

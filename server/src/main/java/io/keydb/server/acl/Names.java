package io.keydb.server.acl;

/**
 * What may stand in names and patterns: no blanks and no NUL, as they are words of a file.
 *
 * <p>Threads: stateless.
 */
final class Names {
    private Names() {}

    /** The text as an error shows it: stock's end at the first NUL. */
    static String shown(String text) {
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    static boolean hasSpaces(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0) {
                return true;
            }
        }
        return false;
    }
}

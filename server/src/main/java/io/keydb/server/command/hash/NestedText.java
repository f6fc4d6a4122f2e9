package io.keydb.server.command.hash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How nested hashes lie in a field: as JSON, so that they are part of an ordinary hash, which every
 * client can read, every replica and file can hold.
 *
 * <pre>
 *   text                          v               or  "v"  when it begins as one of the others would
 *   several strings               ["v","w"]
 *   a hash within the hash        {"c" : "v","d" : {"e" : ["v"]}}
 * </pre>
 *
 * <p>Bytes beyond ASCII stand for themselves. A field that begins like JSON but is no JSON of
 * objects, arrays of strings and strings is text.
 *
 * <p>Threads: a reader is confined to the call that uses it.
 */
final class NestedText {
    /** Hashes are nested no deeper. */
    static final int DEEPEST = 128;

    private static final int HEX = 16;

    private final String text;
    private int at;
    private int depth;

    private NestedText(String text) {
        this.text = text;
    }

    /** What a field holds. */
    static NestedValue ofField(String field) {
        NestedText reader = new NestedText(field);
        NestedValue value = beginsLikeJson(field) ? reader.value() : null;
        return value == null || reader.at < field.length() ? new NestedValue.Text(field) : value;
    }

    /** The field that holds this. */
    static String toField(NestedValue value) {
        return value instanceof NestedValue.Text(String bytes) && !beginsLikeJson(bytes)
                ? bytes
                : toJson(value);
    }

    static String toJson(NestedValue value) {
        StringBuilder json = new StringBuilder();
        write(value, json);
        return json.toString();
    }

    private static boolean beginsLikeJson(String text) {
        return !text.isEmpty() && "{[\"".indexOf(text.charAt(0)) >= 0;
    }

    private static void write(NestedValue value, StringBuilder json) {
        switch (value) {
            case NestedValue.Text(String bytes) -> write(bytes, json);
            case NestedValue.Items(List<String> strings) -> {
                json.append('[');
                String separator = "";
                for (String string : strings) {
                    json.append(separator);
                    write(string, json);
                    separator = ",";
                }
                json.append(']');
            }
            case NestedValue.Bucket(Map<String, NestedValue> entries) -> {
                json.append('{');
                String separator = "";
                for (Map.Entry<String, NestedValue> entry : entries.entrySet()) {
                    json.append(separator);
                    write(entry.getKey(), json);
                    json.append(" : ");
                    write(entry.getValue(), json);
                    separator = ",";
                }
                json.append('}');
            }
        }
    }

    private static void write(String string, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00");
                json.append(Character.forDigit(c / HEX, HEX));
                json.append(Character.forDigit(c % HEX, HEX));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** The value here; null when there is none of a known form. */
    private @Nullable NestedValue value() {
        char first = peek();
        if (first == '"') {
            String string = string();
            return string == null ? null : new NestedValue.Text(string);
        }
        if ((first != '{' && first != '[') || ++depth > DEEPEST) {
            return null;
        }
        at++;
        NestedValue value = first == '{' ? bucket() : items();
        depth--;
        return value;
    }

    private @Nullable NestedValue bucket() {
        Map<String, NestedValue> entries = new LinkedHashMap<>();
        if (accept('}')) {
            return new NestedValue.Bucket(entries);
        }
        do {
            String name = string();
            NestedValue value = name != null && accept(':') ? value() : null;
            if (name == null || value == null) {
                return null;
            }
            entries.put(name, value);
        } while (accept(','));
        return accept('}') ? new NestedValue.Bucket(entries) : null;
    }

    private @Nullable NestedValue items() {
        List<String> strings = new ArrayList<>();
        if (accept(']')) {
            return new NestedValue.Items(strings);
        }
        do {
            String string = string();
            if (string == null) {
                return null;
            }
            strings.add(string);
        } while (accept(','));
        return accept(']') ? new NestedValue.Items(strings) : null;
    }

    private @Nullable String string() {
        if (!accept('"')) {
            return null;
        }
        StringBuilder string = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            int unescaped = c == '\\' ? escaped() : c;
            if (unescaped < 0) {
                return null;
            }
            string.append((char) unescaped);
        }
        return null;
    }

    /** The character behind a backslash; -1 when it is none that is a byte. */
    private int escaped() {
        if (at == text.length()) {
            return -1;
        }
        char c = text.charAt(at++);
        if (c == 'u') {
            return hexadecimal();
        }
        int which = "\"\\/bfnrt".indexOf(c);
        return which < 0 ? -1 : "\"\\/\b\f\n\r\t".charAt(which);
    }

    private int hexadecimal() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at++), HEX) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * HEX + digit;
        }
        return value < 256 ? value : -1;
    }

    private boolean accept(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** The next character that is no blank; 0 at the end. */
    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }
}

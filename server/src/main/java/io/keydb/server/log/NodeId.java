package io.keydb.server.log;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The persistent identity of a node: 40 lower-case hexadecimal digits. Their order breaks the tie
 * between changes with equal stamps.
 *
 * <p>Threads: immutable.
 */
public record NodeId(String hex) implements Comparable<NodeId> {
    private static final int BYTES = 20;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}");

    public NodeId {
        if (!isValid(hex)) {
            throw new IllegalArgumentException("not a node id: " + hex);
        }
    }

    /** A new identity. */
    public static NodeId random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new NodeId(HexFormat.of().formatHex(bytes));
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(NodeId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}

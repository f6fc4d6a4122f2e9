package io.keydb.server.value.module;

/**
 * What tells module types apart: a name of nine characters, and the version of the form in which
 * their values are kept.
 *
 * <p>Threads: stateless.
 */
public final class TypeIdentity {
    /** The greatest version there can be. */
    public static final int LATEST_VERSION = 1023;

    private static final String LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int NAME_LENGTH = 9;
    private static final int LETTER_BITS = 6;
    private static final int VERSION_BITS = 10;

    private TypeIdentity() {}

    /**
     * The identity of a type.
     *
     * @throws IllegalArgumentException when the name is not nine letters, digits, {@code -} or
     *     {@code _}, or the version is not within 0 to {@value #LATEST_VERSION}
     */
    public static long of(String name, int version) {
        if (name.length() != NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "the name of a type has nine characters, not as '" + name + "'");
        }
        if (version < 0 || version > LATEST_VERSION) {
            throw new IllegalArgumentException("no version of a type: " + version);
        }
        long identity = 0;
        for (int i = 0; i < NAME_LENGTH; i++) {
            int letter = LETTERS.indexOf(name.charAt(i));
            if (letter < 0) {
                throw new IllegalArgumentException(
                        "the name of a type has letters, digits, - and _, not as '" + name + "'");
            }
            identity = identity << LETTER_BITS | letter;
        }
        return identity << VERSION_BITS | version;
    }

    /** The nine characters. */
    public static String name(long identity) {
        StringBuilder name = new StringBuilder(NAME_LENGTH);
        for (int i = NAME_LENGTH - 1; i >= 0; i--) {
            int shift = VERSION_BITS + LETTER_BITS * i;
            name.append(LETTERS.charAt((int) (identity >>> shift) & (1 << LETTER_BITS) - 1));
        }
        return name.toString();
    }

    /** The version. */
    public static int version(long identity) {
        return (int) identity & LATEST_VERSION;
    }

    /** Whether two identities are versions of the same type. */
    public static boolean sameType(long one, long other) {
        return one >>> VERSION_BITS == other >>> VERSION_BITS;
    }
}

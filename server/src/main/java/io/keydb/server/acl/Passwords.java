package io.keydb.server.acl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Passwords are kept as the hexadecimal text of their SHA-256 digest.
 *
 * <p>Threads: stateless.
 */
final class Passwords {
    private static final int DIGEST_CHARACTERS = 64;

    private Passwords() {}

    /** The digest of a password. */
    static String digest(byte[] password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(password);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    /** Checks that this may be a digest. */
    static String checkedDigest(String digest) throws RuleError {
        boolean valid = digest.length() == DIGEST_CHARACTERS;
        for (int i = 0; valid && i < digest.length(); i++) {
            char c = digest.charAt(i);
            valid = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        if (!valid) {
            throw new RuleError(RuleError.Reason.BAD_HASH);
        }
        return digest;
    }

    /** Whether one of the digests is that of the password; takes equally long for any wrong one. */
    static boolean matchesAny(List<String> digests, byte[] password) {
        byte[] given = digest(password).getBytes(StandardCharsets.US_ASCII);
        boolean matches = false;
        for (String digest : digests) {
            matches |= MessageDigest.isEqual(digest.getBytes(StandardCharsets.US_ASCII), given);
        }
        return matches;
    }
}

package io.keydb.server.scripting;

import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that were sent, by the SHA-1 of their text.
 *
 * <p>Scripts in use are found without computing a digest, in two small tables of those met last: by
 * a hash of the text, which is then compared, and by the beginning of the digest.
 *
 * <p>Threads: whether a script is there may be asked by any; the rest needs the locks of all
 * partitions.
 */
final class ScriptCache {
    static final int DIGEST_LENGTH = 40;
    private static final int RECENT = 256;

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final @Nullable Script[] byText = new @Nullable Script[RECENT];
    private final @Nullable Script[] byDigest = new @Nullable Script[RECENT];
    private final AtomicLong bytes = new AtomicLong();

    /** Number of scripts. Any thread. */
    int count() {
        return scripts.size();
    }

    /** Bytes of their texts and digests. Any thread. */
    long bytes() {
        return bytes.get();
    }

    /** The script of a digest in any case, or null. Any thread. */
    @Nullable Script get(String digest) {
        return scripts.get(digest.toLowerCase(Locale.ROOT));
    }

    /** The script whose digest is an argument, or null. */
    @Nullable Script findDigest(Request request, int argument) {
        if (request.length(argument) != DIGEST_LENGTH) {
            return null;
        }
        long address = request.address(argument);
        int place = (int) Hashing.hash(address, DIGEST_LENGTH) & (RECENT - 1);
        Script recent = byDigest[place];
        if (recent != null && isDigest(recent.digest(), address)) {
            return recent;
        }
        Script found = get(text(request, argument));
        if (found != null) {
            byDigest[place] = found;
        }
        return found;
    }

    private static boolean isDigest(String digest, long address) {
        for (int i = 0; i < DIGEST_LENGTH; i++) {
            if (digest.charAt(i) != Memory.getByte(address + i)) {
                return false;
            }
        }
        return true;
    }

    /** The script whose text is an argument, or null. */
    @Nullable Script findText(Request request, int argument) {
        long address = request.address(argument);
        int length = request.length(argument);
        int place = place(address, length);
        Script recent = byText[place];
        if (recent != null && recent.is(address, length)) {
            return recent;
        }
        Script found = scripts.get(digest(address, length));
        if (found != null) {
            byText[place] = found;
        }
        return found;
    }

    private static int place(long address, int length) {
        return (int) Hashing.hash(address, length) & (RECENT - 1);
    }

    void add(Script script) {
        scripts.put(script.digest(), script);
        bytes.addAndGet(script.length() + DIGEST_LENGTH);
    }

    /** Forgets all scripts. */
    void clear() {
        scripts.values().forEach(Script::close);
        scripts.clear();
        Arrays.fill(byText, null);
        Arrays.fill(byDigest, null);
        bytes.set(0);
    }

    /** The SHA-1 of bytes, in lower-case hexadecimal digits. */
    static String digest(long address, int length) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.wrap(Memory.bytes(address, length)));
            return HexFormat.of().formatHex(sha1.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String text(Request request, int argument) {
        return new String(request.bytes(argument), StandardCharsets.ISO_8859_1);
    }
}

package io.keydb.server.keyspace.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.structure.Record;
import io.keydb.server.value.ContentSink;
import io.keydb.server.value.Contents;
import io.keydb.server.value.Element;
import io.keydb.server.value.stream.StreamCursor;
import io.keydb.server.value.stream.StreamText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The digest of single values, equal to that of stock servers:
 *
 * <pre>
 *   add(d, bytes)   d = d xor SHA1(bytes)           for what has no order
 *   mix(d, bytes)   d = SHA1(d xor SHA1(bytes))     for what has one
 *
 *   value           mix type;  string, list, stream: mix all in order;  set: add each member
 *                   hash, sorted set: of each element a digest of its own, mixed of its two parts, is added
 *                   add "!!expire!!" when the key has an expiry
 * </pre>
 *
 * <p>Threads: confined to one thread; the lock of the record's partition is held.
 */
final class ContentDigest implements ContentSink<RuntimeException> {
    static final int BYTES = 20;

    private static final int CHUNK = 8192;
    private static final int SCORE_DIGITS = 17;
    private static final byte[] EXPIRES = "!!expire!!".getBytes(US_ASCII);

    private final MessageDigest sha1;
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] ofElement = new byte[BYTES];
    private byte[] digest = new byte[BYTES];
    private long moment;
    private long elements;

    ContentDigest() {
        try {
            this.sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /**
     * Mixes the value of a record into a digest; members whose time has come before that moment do
     * not count.
     *
     * @return whether there is anything left of it
     */
    boolean value(byte[] into, long record, long momentMillis) {
        digest = into;
        moment = momentMillis;
        elements = 0;
        mix(into, bigEndian(Record.type(record)));
        if (Record.type(record) == Record.STREAM) {
            stream(into, Record.number(record));
        } else {
            Contents.show(record, this);
        }
        if (Record.hasExpiry(record)) {
            add(into, EXPIRES);
        }
        return elements > 0 || !Record.membersExpire(record) || Record.type(record) == Record.CRON;
    }

    /** Whether an element counts. */
    private boolean counts(long expiryMillis) {
        boolean is = expiryMillis == NO_EXPIRY || expiryMillis >= moment;
        elements += is ? 1 : 0;
        return is;
    }

    private void stream(byte[] into, long root) {
        StreamCursor entries = new StreamCursor().all(root);
        while (entries.next()) {
            String id =
                    Long.toUnsignedString(entries.millis())
                            + "."
                            + Long.toUnsignedString(entries.sequence());
            mix(into, id.getBytes(US_ASCII));
            while (entries.nextField()) {
                mix(into, entries.field());
                mix(into, entries.value());
            }
        }
    }

    private void mix(byte[] into, StreamText text) {
        int length = text.length();
        long copy = NativeHeap.allocate(length + 1L);
        try {
            text.copyTo(copy);
            mix(into, copy, length);
        } finally {
            NativeHeap.free(copy, length + 1L);
        }
    }

    static byte[] bigEndian(int number) {
        return new byte[] {
            (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        };
    }

    void add(byte[] into, byte[] bytes) {
        sha1.update(bytes);
        addHash(into);
    }

    void mix(byte[] into, byte[] bytes) {
        add(into, bytes);
        rehash(into);
    }

    void mix(byte[] into, long address, long length) {
        update(address, length);
        addHash(into);
        rehash(into);
    }

    private void mix(byte[] into, Element element) {
        update(element);
        addHash(into);
        rehash(into);
    }

    private void addHash(byte[] into) {
        byte[] hash = sha1.digest();
        for (int i = 0; i < BYTES; i++) {
            into[i] ^= hash[i];
        }
    }

    private void rehash(byte[] into) {
        sha1.update(into);
        byte[] hash = sha1.digest();
        System.arraycopy(hash, 0, into, 0, BYTES);
    }

    private void update(Element element) {
        if (element.isInteger()) {
            sha1.update(Long.toString(element.integer()).getBytes(US_ASCII));
        } else {
            update(element.address(), element.length());
        }
    }

    private void update(long address, long length) {
        for (long at = 0; at < length; at += CHUNK) {
            int part = (int) Math.min(CHUNK, length - at);
            Memory.copyOut(address + at, chunk, 0, part);
            sha1.update(chunk, 0, part);
        }
    }

    @Override
    public void string(Element text) {
        mix(digest, text);
    }

    @Override
    public void begin(int type, long elements) {}

    @Override
    public void element(Element element) {
        mix(digest, element);
    }

    @Override
    public void member(Element member, long expiryMillis) {
        if (counts(expiryMillis)) {
            update(member);
            addHash(digest);
        }
    }

    @Override
    public void scored(Element member, double score, long expiryMillis) {
        if (!counts(expiryMillis)) {
            return;
        }
        Arrays.fill(ofElement, (byte) 0);
        mix(ofElement, member);
        mix(ofElement, text(score).getBytes(US_ASCII));
        add(digest, ofElement);
    }

    @Override
    public void field(Element field, Element value, long expiryMillis) {
        if (!counts(expiryMillis)) {
            return;
        }
        Arrays.fill(ofElement, (byte) 0);
        mix(ofElement, field);
        mix(ofElement, value);
        add(digest, ofElement);
    }

    /** A score as C's {@code %.17g} prints it, which is what servers up to 7.0 digest. */
    static String text(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        if (score == 0) {
            return 1 / score < 0 ? "-0" : "0";
        }
        BigDecimal rounded =
                new BigDecimal(score)
                        .round(new MathContext(SCORE_DIGITS, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < SCORE_DIGITS) {
            return rounded.toPlainString();
        }
        String digits = rounded.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        int magnitude = Math.abs(exponent);
        return (score < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + (exponent < 0 ? "e-" : "e+")
                + (magnitude < 10 ? "0" : "")
                + magnitude;
    }
}

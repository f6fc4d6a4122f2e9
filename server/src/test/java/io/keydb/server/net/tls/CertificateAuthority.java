package io.keydb.server.net.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Signs certificates for tests, written byte by byte, so that nothing but the JDK is needed. Keys
 * are on the curve P-256.
 */
public final class CertificateAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = hex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
    private static final byte[] BASIC_CONSTRAINTS = hex("0603551d13");
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTETS = 0x04;
    private static final int UTF8 = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;

    private final Path folder;
    private final String name;
    private final KeyPair keys = newKeys();
    private long lastSerial;

    /** An alternative name: its tag and its content. */
    public record AlternativeName(int tag, byte[] content) {
        public static AlternativeName email(String address) {
            return new AlternativeName(0x81, ascii(address));
        }

        public static AlternativeName dns(String host) {
            return new AlternativeName(0x82, ascii(host));
        }

        public static AlternativeName uri(String uri) {
            return new AlternativeName(0x86, ascii(uri));
        }

        public static AlternativeName ip(int... bytes) {
            byte[] address = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                address[i] = (byte) bytes[i];
            }
            return new AlternativeName(0x87, address);
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Where a certificate and its key lie. */
    public record Identity(Path certificate, Path key) {}

    public CertificateAuthority(Path folder, String name) throws IOException {
        this.folder = folder;
        this.name = name;
        write(file(), "CERTIFICATE", certificate(name, keys, Duration.ofDays(1), List.of(), true));
    }

    /** Its own certificate. */
    public Path file() {
        return folder.resolve(name + ".crt");
    }

    /** Signs a certificate that is good for a day. */
    public Identity sign(String subject, AlternativeName... names) throws IOException {
        return sign(subject, Duration.ofDays(1), names);
    }

    /** Signs a certificate that ends after so long; of the past, when that is negative. */
    public Identity sign(String subject, Duration life, AlternativeName... names)
            throws IOException {
        KeyPair own = newKeys();
        Identity files =
                new Identity(folder.resolve(subject + ".crt"), folder.resolve(subject + ".key"));
        byte[] certificate = certificate(subject, own, life, List.of(names), false);
        write(files.certificate(), "CERTIFICATE", certificate);
        write(files.key(), "PRIVATE KEY", own.getPrivate().getEncoded());
        return files;
    }

    private byte[] certificate(
            String subject, KeyPair own, Duration life, List<AlternativeName> names, boolean isCa) {
        Instant now = Instant.now();
        byte[] validity =
                tagged(SEQUENCE, time(now.minus(Duration.ofDays(2))), time(now.plus(life)));
        byte[] body =
                tagged(
                        SEQUENCE,
                        hex("a003020102"),
                        tagged(0x02, BigInteger.valueOf(++lastSerial).toByteArray()),
                        ECDSA_WITH_SHA256,
                        distinguished(name),
                        validity,
                        distinguished(subject),
                        own.getPublic().getEncoded(),
                        tagged(0xa3, tagged(SEQUENCE, extensions(names, isCa))));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] bits = joined(new byte[1], signature.sign());
            return tagged(SEQUENCE, body, ECDSA_WITH_SHA256, tagged(0x03, bits));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] extensions(List<AlternativeName> names, boolean isCa) {
        byte[] constraints =
                tagged(
                        SEQUENCE,
                        BASIC_CONSTRAINTS,
                        tagged(OCTETS, isCa ? hex("30030101ff") : hex("3000")));
        if (names.isEmpty()) {
            return constraints;
        }
        byte[] all = {};
        for (AlternativeName alternative : names) {
            all = joined(all, tagged(alternative.tag(), alternative.content()));
        }
        return joined(
                constraints,
                tagged(SEQUENCE, ALTERNATIVE_NAMES, tagged(OCTETS, tagged(SEQUENCE, all))));
    }

    private static byte[] distinguished(String commonName) {
        byte[] value = tagged(UTF8, commonName.getBytes(StandardCharsets.UTF_8));
        return tagged(SEQUENCE, tagged(SET, tagged(SEQUENCE, COMMON_NAME, value)));
    }

    private static byte[] time(Instant instant) {
        String text =
                DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(instant);
        return tagged(GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        byte[] content = joined(parts);
        int length = content.length;
        byte[] head =
                length < 0x80
                        ? new byte[] {(byte) tag, (byte) length}
                        : length < 0x100
                                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                                : new byte[] {
                                    (byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length
                                };
        return joined(head, content);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, String kind, byte[] bytes) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }
}

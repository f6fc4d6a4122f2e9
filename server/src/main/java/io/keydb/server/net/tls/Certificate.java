package io.keydb.server.net.tls;

import io.keydb.server.support.GlobPattern;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whom a certificate names.
 *
 * <p>Threads: immutable.
 *
 * @param commonName of the subject; empty when there is none
 * @param names the common name and the alternative ones: hosts, addresses, e-mail addresses, URIs
 * @param fingerprint SHA-256 of the certificate in hexadecimal digits
 */
public record Certificate(String commonName, List<String> names, String fingerprint) {

    private static final int EMAIL = 1;
    private static final int HOST = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    /**
     * Reads a certificate in its binary form.
     *
     * @throws TlsException when it is none
     */
    public static Certificate read(byte[] encoded) throws TlsException {
        try {
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(encoded));
            String commonName = commonName(certificate.getSubjectX500Principal().getName());
            List<String> names = new ArrayList<>(List.of(commonName));
            addAlternatives(certificate, names);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded);
            return new Certificate(commonName, names, HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException | InvalidNameException unreadable) {
            throw new TlsException("unreadable client certificate: " + unreadable.getMessage());
        }
    }

    private static String commonName(String subject) throws InvalidNameException {
        for (Rdn part : new LdapName(subject).getRdns().reversed()) {
            if (part.getType().equalsIgnoreCase("CN")) {
                return part.getValue().toString();
            }
        }
        return "";
    }

    private static void addAlternatives(X509Certificate certificate, List<String> names)
            throws GeneralSecurityException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives == null) {
            return;
        }
        for (List<?> alternative : alternatives) {
            switch ((Integer) alternative.getFirst()) {
                case EMAIL, HOST, URI, ADDRESS -> names.add(alternative.getLast().toString());
                default -> {
                    // other kinds name nobody that a pattern could mean
                }
            }
        }
    }

    boolean isOneOf(List<GlobPattern> patterns) {
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            for (GlobPattern pattern : patterns) {
                if (pattern.matches(bytes)) {
                    return true;
                }
            }
        }
        return false;
    }
}

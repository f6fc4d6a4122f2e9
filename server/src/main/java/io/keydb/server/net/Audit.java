package io.keydb.server.net;

/**
 * What {@code tls-auditlog-blocklist} says about a client that has shown a certificate.
 *
 * <p>Threads: immutable.
 *
 * @param fingerprint of the certificate, hexadecimal
 * @param isOn whether its commands are to be written down
 */
public record Audit(String fingerprint, boolean isOn) {}

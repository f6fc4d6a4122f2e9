package io.keydb.server.net.tls;

/** Whether clients have to show a certificate; one that is shown must be good. */
public enum ClientCertificates {
    NO,
    YES,
    OPTIONAL
}

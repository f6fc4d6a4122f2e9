package io.keydb.server.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The versions a server tells: its own, and the one of Redis whose commands and replies it has, by
 * which clients decide what they may use.
 *
 * <p>Threads: immutable.
 */
public final class Version {
    /** The level of commands and replies, as Valkey tells it too. */
    public static final String REDIS = "7.2.4";

    private static final Version CURRENT = read();

    private final String number;

    private Version(String number) {
        this.number = number;
    }

    /** The version of this server. */
    public static String own() {
        return CURRENT.number;
    }

    private static Version read() {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return new Version(properties.getProperty("version", "unknown"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

package io.keydb.server.acl;

import io.keydb.server.memory.Globs;
import io.keydb.server.support.GlobPattern;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Channels that a user may use.
 *
 * <p>Threads: immutable.
 *
 * @param text the pattern, one character for each byte
 * @param glob the same, compiled
 */
record ChannelPattern(String text, GlobPattern glob) {

    static ChannelPattern of(String text) {
        return new ChannelPattern(
                text, GlobPattern.compile(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Whether it allows the channel; a pattern of channels must be the same text. */
    boolean allows(String channel, boolean isPattern) {
        return isPattern
                ? text.equals(channel)
                : glob.matches(channel.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The same for a channel that is an argument. */
    boolean allows(long address, int length) {
        return Globs.matches(glob, address, length);
    }

    static boolean anyAllows(List<ChannelPattern> patterns, String channel, boolean isPattern) {
        for (ChannelPattern pattern : patterns) {
            if (pattern.allows(channel, isPattern)) {
                return true;
            }
        }
        return false;
    }
}

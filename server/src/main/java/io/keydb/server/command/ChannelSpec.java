package io.keydb.server.command;

/**
 * Which arguments of a command are channels that the user must be allowed to use.
 *
 * <p>Threads: immutable.
 *
 * @param first the first of them
 * @param toEnd whether all that follow are, too
 * @param isPattern whether they are patterns of channels
 */
public record ChannelSpec(int first, boolean toEnd, boolean isPattern) {

    /** One channel at a fixed argument. */
    public static ChannelSpec channel(int at) {
        return new ChannelSpec(at, false, false);
    }

    /** Channels from an argument to the last. */
    public static ChannelSpec channels(int first) {
        return new ChannelSpec(first, true, false);
    }

    /** Patterns of channels from an argument to the last. */
    public static ChannelSpec patterns(int first) {
        return new ChannelSpec(first, true, true);
    }
}

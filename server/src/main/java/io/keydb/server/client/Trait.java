package io.keydb.server.client;

/** What is unusual about a client. A client without any costs its commands one look. */
public enum Trait {
    /** CLIENT REPLY OFF: it hears no replies, only what is pushed. */
    HEARS_NO_REPLIES,
    /** CLIENT REPLY SKIP: it will not hear the reply to its next command. */
    SKIPS_NEXT_REPLY,
    /** It does not hear the reply to the command that runs. */
    SKIPS_REPLY,
    /** It calls on behalf of a script. */
    IS_SCRIPT,
    /** CLIENT NO-EVICT: it stays when clients take too much memory. */
    NOT_EVICTED,
    /** CLIENT NO-TOUCH: that it reads keys does not count as an access of them. */
    TOUCHES_NOTHING,
    /** CLIENT TRACKING: it keeps copies of what it reads. */
    TRACKS,
    /** CLIENT TRACKING BCAST: it hears of all changes under its prefixes. */
    TRACKS_PREFIXES,
    /** CLIENT CACHING: the next command is an exception from OPTIN or OPTOUT. */
    IS_CACHING_EXCEPTION,
    /** SYNC, PSYNC: it reads the log as a replica, among which no reply must stand. */
    READS_LOG;

    int bit() {
        return 1 << ordinal();
    }
}

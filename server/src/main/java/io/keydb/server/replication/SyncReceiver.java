package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.KeyspaceLoader;

/**
 * Takes the snapshot of a full sync out of the stream of a primary.
 *
 * <p>Threads: on the link's event loop.
 */
interface SyncReceiver extends AutoCloseable {
    /** Longest string of a snapshot that is believed. */
    int LONGEST_STRING = 1 << 30;

    /** What it has loaded. */
    KeyspaceLoader loaded();

    /** Bytes of the snapshot that have come. */
    long receivedBytes();

    /** The announced length, 0 when there was none. */
    long totalBytes();

    /** Whether all of it has come and is loaded. */
    boolean isComplete();

    /** Whether data of before are gone, or mixed with those of the snapshot. */
    boolean isLoading();

    /** Whether all of it has come and is being loaded, with or without the primary. */
    boolean goesOnAlone();

    /** Whether it can take more at present; while not, nobody should read. */
    boolean takesMore();

    /**
     * Takes bytes.
     *
     * @return how many of them belong to the sync and are taken; 0 when it has all, and what
     *     follows has to wait
     */
    int take(long address, int length) throws PeerProtocolException;

    /** Nobody wants it any more. Any thread. */
    void cancel();

    /**
     * Waits until no thread of it uses the data any more.
     *
     * @return whether that is so within this time
     */
    boolean awaitEnd(long millis) throws InterruptedException;

    /** Ends it. */
    @Override
    void close();
}

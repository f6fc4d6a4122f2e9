package io.keydb.server.replication;

import java.io.IOException;

/**
 * Where a full sync goes: takes pieces of the stream in order, and waits when the receiver is slow.
 */
interface SyncStream {
    void send(byte[] piece) throws IOException;
}

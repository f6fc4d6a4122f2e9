package io.keydb.server.replication;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;

/**
 * The byte layout of the stream between active nodes, from the node that is read to the node that
 * reads. Numbers are little-endian.
 *
 * <pre>
 *   frame    0  u32 length of the body    4  u8 kind    5  3 bytes, zero    8  body
 *
 *   GREETING     vector of the sender as text: what the reader has when it has caught up
 *   ORIGIN       u32 index, then "node:run" as text: what the index means on this connection
 *   UNIT         u32 index of the origin, u32 database, u64 number, u64 stamp, then commands in RESP that begin in the database
 *   SNAPSHOT     the next bytes of an RDB stream with stamps, tombstones and the vector of its cut; units behind it come after the cut
 *   KNOWLEDGE    what the sender knows of all nodes, as text; sent every second
 *   ACK_WANTED   empty: the reader is to acknowledge at once
 * </pre>
 *
 * The reader answers with {@code REPLCONF keydb-ack knowledge}, every second and when asked.
 *
 * <p>Threads: stateless.
 */
final class PeerFrame {
    static final int HEADER = 8;
    static final int UNIT_HEADER = 24;

    static final int GREETING = 1;
    static final int ORIGIN = 2;
    static final int UNIT = 3;
    static final int SNAPSHOT = 4;
    static final int KNOWLEDGE = 5;
    static final int ACK_WANTED = 6;

    /** The longest body that is accepted: a unit of the longest value there can be. */
    static final int LONGEST = 1 << 30;

    private PeerFrame() {}

    /** Length of the body; negative when it is beyond 2 GB. */
    static int length(long frame) {
        return Memory.getInt(frame);
    }

    static int kind(long frame) {
        return Memory.getByte(frame + 4) & 0xff;
    }

    static long body(long frame) {
        return frame + HEADER;
    }

    /** Puts the header of a frame into an empty buffer. */
    static void begin(OffHeapBuffer buffer, int kind, int bodyLength) {
        buffer.clear();
        buffer.appendInt(bodyLength);
        buffer.appendInt(kind);
    }

    /** Completes the header of a unit. */
    static void unit(OffHeapBuffer buffer, int origin, int database, long number, long stamp) {
        buffer.appendInt(origin);
        buffer.appendInt(database);
        buffer.appendLong(number);
        buffer.appendLong(stamp);
    }

    static int unitOrigin(long body) {
        return Memory.getInt(body);
    }

    static int unitDatabase(long body) {
        return Memory.getInt(body + 4);
    }

    static long unitNumber(long body) {
        return Memory.getLong(body + 8);
    }

    static long unitStamp(long body) {
        return Memory.getLong(body + 16);
    }
}

package io.keydb.server.log;

import io.keydb.server.memory.Memory;

/**
 * The byte layout of one entry of the log.
 *
 * <pre>
 *   0   u32  length of the plain bytes
 *   4   u32  length of the peer bytes, when they are others than the plain ones
 *   8   u16  number of the origin
 *  10   u16  database in which the bytes begin: those for peers when they are others
 *  12   u16  flags
 *  14   u16  database that the plain bytes leave selected
 *  16   u64  number of the unit
 *  24   u64  stamp
 *  32   u64  offset of the first plain byte
 *  40        plain bytes, peer bytes, padding to 8
 * </pre>
 *
 * The <i>plain bytes</i> are what a stock primary would send: SELECT when the database changes,
 * MULTI and EXEC around several commands. For most units peers get the same bytes. They differ for
 * a unit of another node that lost, in whole or in part, to a later change: stock replicas must not
 * see what lost, peers further on must.
 *
 * <p>Threads: stateless.
 */
final class LogEntry {
    /** A unit that peers get as well. */
    static final int UNIT = 1;

    /** The peer bytes are stored behind the plain ones. */
    static final int OWN_PEER_BYTES = 2;

    /** The vector of the log grew by a merge; the peer bytes are the vector afterwards, as text. */
    static final int MERGED = 4;

    /** Something has changed that is told to nobody, such as the functions of an active node. */
    static final int UNTOLD = 8;

    static final int HEADER = 40;

    private LogEntry() {}

    static long size(long plainLength, long peerLength) {
        return HEADER + (plainLength + peerLength + 7 & -8L);
    }

    static int plainLength(long entry) {
        return Memory.getInt(entry);
    }

    static int ownPeerLength(long entry) {
        return Memory.getInt(entry + 4);
    }

    static int origin(long entry) {
        return Memory.getShort(entry + 8) & 0xffff;
    }

    static int database(long entry) {
        return Memory.getShort(entry + 10) & 0xffff;
    }

    static int flags(long entry) {
        return Memory.getShort(entry + 12);
    }

    static int endDatabase(long entry) {
        return Memory.getShort(entry + 14) & 0xffff;
    }

    static long number(long entry) {
        return Memory.getLong(entry + 16);
    }

    static long stamp(long entry) {
        return Memory.getLong(entry + 24);
    }

    static long plainOffset(long entry) {
        return Memory.getLong(entry + 32);
    }

    static void lengths(long entry, int plain, int peer) {
        Memory.putInt(entry, plain);
        Memory.putInt(entry + 4, peer);
    }

    static void unit(long entry, int origin, int database, long number, long stamp) {
        Memory.putShort(entry + 8, (short) origin);
        Memory.putShort(entry + 10, (short) database);
        Memory.putLong(entry + 16, number);
        Memory.putLong(entry + 24, stamp);
    }

    static void place(long entry, int flags, int endDatabase, long plainOffset) {
        Memory.putShort(entry + 12, (short) flags);
        Memory.putShort(entry + 14, (short) endDatabase);
        Memory.putLong(entry + 32, plainOffset);
    }
}

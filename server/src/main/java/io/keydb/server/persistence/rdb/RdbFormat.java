package io.keydb.server.persistence.rdb;

import java.nio.charset.StandardCharsets;

/** The numbers of the RDB format; the grammar is in the package description. */
final class RdbFormat {
    static final byte[] MAGIC = "REDIS".getBytes(StandardCharsets.US_ASCII);

    /** Magic and four digits of the version. */
    static final int HEADER_LENGTH = 9;

    static final int VERSION_WRITTEN = 10;
    static final int LATEST_VERSION_READ = 11;

    /** The first version with a checksum at the end. */
    static final int FIRST_CHECKED_VERSION = 5;

    static final int TYPE_STRING = 0;

    static final int SLOT_INFO = 244;
    static final int FUNCTION = 245;
    static final int FUNCTION_BEFORE_RELEASE = 246;
    static final int MODULE_AUX = 247;
    static final int IDLE = 248;
    static final int FREQUENCY = 249;
    static final int AUX = 250;
    static final int RESIZE_DATABASE = 251;
    static final int EXPIRY_MILLIS = 252;
    static final int EXPIRY_SECONDS = 253;
    static final int SELECT_DATABASE = 254;
    static final int EOF = 255;

    static final int LENGTH_14_BITS = 1;
    static final int LENGTH_32_BITS = 0x80;
    static final int LENGTH_64_BITS = 0x81;
    static final int ENCODED = 3;
    static final int ENCODED_INT8 = 0;
    static final int ENCODED_INT16 = 1;
    static final int ENCODED_INT32 = 2;
    static final int ENCODED_LZF = 3;

    /** Shorter strings are never worth compressing. */
    static final int SHORTEST_COMPRESSED = 21;

    /** Longer strings cannot be numbers of 32 bits. */
    static final int LONGEST_NUMBER = 11;

    private RdbFormat() {}

    /** What a type of value is called in messages. */
    static String typeName(int type) {
        return switch (type) {
            case 1, 10, 14, 18 -> "list";
            case 2, 11, 20 -> "set";
            case 3, 5, 12, 17 -> "sorted set";
            case 4, 9, 13, 16 -> "hash";
            case 6, 7 -> "module";
            case 15, 19, 21 -> "stream";
            case 64 -> "cron job";
            default -> "unknown";
        };
    }
}

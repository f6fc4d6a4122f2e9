package io.keydb.server.persistence.rdb;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The numbers of the RDB format; the grammar is in the package description. */
final class RdbFormat {
    static final byte[] MAGIC = "REDIS".getBytes(StandardCharsets.US_ASCII);

    /** Magic and four digits of the version. */
    static final int HEADER_LENGTH = 9;

    static final int VERSION_WRITTEN = 10;
    static final int LATEST_VERSION_READ = 12;

    /** The first version with a checksum at the end. */
    static final int FIRST_CHECKED_VERSION = 5;

    static final int TYPE_STRING = 0;
    static final int TYPE_LIST = 1;
    static final int TYPE_SET = 2;
    static final int TYPE_SORTED_SET_TEXT = 3;
    static final int TYPE_HASH = 4;
    static final int TYPE_SORTED_SET = 5;
    static final int TYPE_MODULE_BEFORE_RELEASE = 6;
    static final int TYPE_MODULE = 7;
    static final int TYPE_HASH_ZIPMAP = 9;
    static final int TYPE_LIST_ZIPLIST = 10;
    static final int TYPE_SET_INTEGERS = 11;
    static final int TYPE_SORTED_SET_ZIPLIST = 12;
    static final int TYPE_HASH_ZIPLIST = 13;
    static final int TYPE_LIST_ZIPLISTS = 14;
    static final int TYPE_STREAM = 15;
    static final int TYPE_HASH_LISTPACK = 16;
    static final int TYPE_SORTED_SET_LISTPACK = 17;
    static final int TYPE_LIST_LISTPACKS = 18;
    static final int TYPE_STREAM_2 = 19;
    static final int TYPE_SET_LISTPACK = 20;
    static final int TYPE_STREAM_3 = 21;
    static final int TYPE_HASH_EXPIRIES_BEFORE_RELEASE = 22;
    static final int TYPE_HASH_LISTPACK_EXPIRIES_BEFORE_RELEASE = 23;
    static final int TYPE_HASH_EXPIRIES = 24;
    static final int TYPE_HASH_LISTPACK_EXPIRIES = 25;
    static final int TYPE_CRON = 64;

    /** How a node of {@link #TYPE_LIST_LISTPACKS} is kept: one element as it is, or a listpack. */
    static final int NODE_PLAIN = 1;

    static final int NODE_LISTPACK = 2;

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

    /** What a module wrote: items of a kind and what follows, up to the end. */
    static final int MODULE_END = 0;

    static final int MODULE_SIGNED = 1;
    static final int MODULE_UNSIGNED = 2;
    static final int MODULE_FLOAT = 3;
    static final int MODULE_DOUBLE = 4;
    static final int MODULE_STRING = 5;

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

    /** Lengths of numbers as text from this on mean not a number, infinity and its negative. */
    static final int LEAST_SPECIAL_NUMBER = 253;

    private RdbFormat() {}

    /**
     * What the value of a type consists of, for {@link Extent}: {@code S} a string, {@code L} a
     * length, {@code 8} and {@code 16} (written B and A) that many bytes, {@code D} a number as
     * text, {@code M} what a module wrote, and in parentheses what is repeated as often as the
     * length before it says.
     *
     * @return null for a type that is not known
     */
    static @Nullable String form(int type) {
        return switch (type) {
            case TYPE_STRING,
                    TYPE_HASH_ZIPMAP,
                    TYPE_LIST_ZIPLIST,
                    TYPE_SET_INTEGERS,
                    TYPE_SORTED_SET_ZIPLIST,
                    TYPE_HASH_ZIPLIST,
                    TYPE_HASH_LISTPACK,
                    TYPE_SORTED_SET_LISTPACK,
                    TYPE_SET_LISTPACK,
                    TYPE_HASH_LISTPACK_EXPIRIES_BEFORE_RELEASE ->
                    "S";
            case TYPE_LIST, TYPE_SET, TYPE_LIST_ZIPLISTS -> "(S)";
            case TYPE_SORTED_SET_TEXT -> "(SD)";
            case TYPE_HASH -> "(SS)";
            case TYPE_SORTED_SET -> "(SB)";
            case TYPE_LIST_LISTPACKS -> "(LS)";
            case TYPE_STREAM -> "(SS)LLL(SLL(ABL)(SB(A)))";
            case TYPE_STREAM_2 -> "(SS)LLLLLLLL(SLLL(ABL)(SB(A)))";
            case TYPE_STREAM_3 -> "(SS)LLLLLLLL(SLLL(ABL)(SBB(A)))";
            case TYPE_HASH_EXPIRIES_BEFORE_RELEASE -> "(LSS)";
            case TYPE_HASH_EXPIRIES -> "B(LSS)";
            case TYPE_HASH_LISTPACK_EXPIRIES -> "BS";
            case TYPE_MODULE -> "LM";
            case TYPE_CRON -> "SBB(S)(S)";
            default -> null;
        };
    }
}

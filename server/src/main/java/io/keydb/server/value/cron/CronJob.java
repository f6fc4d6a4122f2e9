package io.keydb.server.value.cron;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Holder;
import java.util.ArrayList;
import java.util.List;

/**
 * A script that is run at a time, once or again and again. As the bytes of a {@link Blob}:
 *
 * <pre>
 *   0    when it is due, unix milliseconds (8)
 *   8    milliseconds from run to run (8)
 *   16   1: runs once (1)
 *   17   number of keys (4)
 *   21   number of keys and arguments (4)
 *   25   script, keys, arguments: each its length (4) and its bytes
 * </pre>
 *
 * <p>Threads: immutable; a record is confined to its partition lock.
 *
 * @param dueMillis when it is to run next, unix milliseconds
 * @param intervalMillis from run to run, positive; {@code dueMillis} is not less
 * @param isSingle whether it runs once
 */
public record CronJob(
        long dueMillis,
        long intervalMillis,
        boolean isSingle,
        byte[] script,
        List<byte[]> keys,
        List<byte[]> arguments) {

    private static final int INTERVAL = 8;
    private static final int SINGLE = 16;
    private static final int KEYS = 17;
    private static final int WORDS = 21;
    private static final int TEXTS = 25;

    /** Whether a start and an interval make a job. */
    public static boolean isValid(long startMillis, long intervalMillis) {
        return startMillis >= 0
                && intervalMillis > 0
                && intervalMillis <= Long.MAX_VALUE - startMillis;
    }

    /** When the job of a record is due. */
    public static long due(long record) {
        return Memory.getLong(Blob.address(record));
    }

    /**
     * Sets when the job of a record that nobody has seen yet is due; gives whether it can be due
     * then.
     */
    public static boolean setDue(long record, long unixMillis) {
        long blob = Blob.address(record);
        Memory.putLong(blob, unixMillis);
        return unixMillis >= Memory.getLong(blob + INTERVAL);
    }

    /** Says that the job of a record that nobody has seen yet runs once. */
    public static void setSingle(long record) {
        Memory.putByte(Blob.address(record) + SINGLE, (byte) 1);
    }

    /** The start of the interval that ends when it is due. */
    public long startMillis() {
        return dueMillis - intervalMillis;
    }

    /**
     * When it is due after a run now: the next of its times that is to come; a job that began with
     * 1970 takes its times from its first run.
     */
    public long dueAfter(long nowMillis) {
        if (intervalMillis > Long.MAX_VALUE - nowMillis) {
            return Long.MAX_VALUE;
        }
        if (startMillis() == 0) {
            return nowMillis + intervalMillis;
        }
        long since = Math.max(0, nowMillis - dueMillis);
        return nowMillis - since % intervalMillis + intervalMillis;
    }

    /** The job in a record. */
    public static CronJob of(long record) {
        long blob = Blob.address(record);
        int keyCount = Memory.getInt(blob + KEYS);
        int words = Memory.getInt(blob + WORDS);
        List<byte[]> keys = new ArrayList<>(keyCount);
        List<byte[]> arguments = new ArrayList<>(words - keyCount);
        byte[] script = text(blob + TEXTS);
        long at = blob + TEXTS + Integer.BYTES + script.length;
        for (int i = 0; i < words; i++) {
            byte[] word = text(at);
            (i < keyCount ? keys : arguments).add(word);
            at += Integer.BYTES + word.length;
        }
        return new CronJob(
                due(record),
                Memory.getLong(blob + INTERVAL),
                Memory.getByte(blob + SINGLE) != 0,
                script,
                keys,
                arguments);
    }

    private static byte[] text(long at) {
        return Memory.bytes(at + Integer.BYTES, Memory.getInt(at));
    }

    /** Makes the value in a record of the holder, which has none yet. */
    public void write(Holder holder) {
        long length = TEXTS + Integer.BYTES + script.length;
        for (byte[] key : keys) {
            length += Integer.BYTES + key.length;
        }
        for (byte[] argument : arguments) {
            length += Integer.BYTES + argument.length;
        }
        long blob = Blob.create(holder, Record.CRON, false, length);
        Memory.putLong(blob, dueMillis);
        Memory.putLong(blob + INTERVAL, intervalMillis);
        Memory.putByte(blob + SINGLE, (byte) (isSingle ? 1 : 0));
        Memory.putInt(blob + KEYS, keys.size());
        Memory.putInt(blob + WORDS, keys.size() + arguments.size());
        long at = put(blob + TEXTS, script);
        for (byte[] key : keys) {
            at = put(at, key);
        }
        for (byte[] argument : arguments) {
            at = put(at, argument);
        }
        holder.membersExpire(true);
    }

    private static long put(long at, byte[] text) {
        Memory.putInt(at, text.length);
        Memory.copyIn(text, 0, at + Integer.BYTES, text.length);
        return at + Integer.BYTES + text.length;
    }
}

package io.keydb.server.command.stream;

import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.value.stream.StreamCursor;
import io.keydb.server.value.stream.StreamId;
import io.keydb.server.value.stream.StreamText;

/**
 * Ids and entries as replies.
 *
 * <p>Threads: stateless.
 */
final class StreamReplies {
    private StreamReplies() {}

    static void id(ReplyWriter reply, StreamId id) {
        id(reply, id.millis(), id.sequence());
    }

    static void id(ReplyWriter reply, long millis, long sequence) {
        int length = StreamId.length(millis, sequence);
        StreamId.write(reply.beginBulk(length), millis, sequence);
        reply.endBulk(length);
    }

    /** The entry the cursor is at: its id, and an array of its fields and values. */
    static void entry(ReplyWriter reply, StreamCursor cursor) {
        reply.array(2);
        id(reply, cursor.millis(), cursor.sequence());
        reply.array(2L * cursor.fields());
        while (cursor.nextField()) {
            text(reply, cursor.field());
            text(reply, cursor.value());
        }
    }

    /**
     * All entries the cursor still goes to, but not more than {@code count} if that is positive.
     */
    static void entries(ReplyWriter reply, StreamCursor cursor, long count) {
        long mark = reply.reserveAggregate();
        long entries = 0;
        while ((count <= 0 || entries < count) && cursor.next()) {
            entry(reply, cursor);
            entries++;
        }
        reply.completeArray(mark, entries);
    }

    private static void text(ReplyWriter reply, StreamText text) {
        if (text.isInteger()) {
            reply.bulkInteger(text.integer());
        } else {
            int length = text.length();
            text.copyTo(reply.beginBulk(length));
            reply.endBulk(length);
        }
    }
}

package io.keydb.server.command.sortedset;

import io.keydb.server.command.Call;
import io.keydb.server.value.sortedset.SortedSetCursor;

/**
 * Members with or without their scores as a reply: with scores a flat array in RESP2, an array of
 * pairs in RESP3.
 *
 * <p>Threads: stateless.
 */
final class MemberReply {
    private MemberReply() {}

    /** The header for so many members. */
    static void header(Call call, long members, boolean withScores) {
        boolean flat = withScores && call.reply().protocol() == 2;
        call.reply().array(flat ? members * 2 : members);
    }

    /** The member a cursor is at. */
    static void member(Call call, SortedSetCursor cursor, boolean withScores) {
        if (withScores && call.reply().protocol() > 2) {
            call.reply().array(2);
        }
        call.bulk(cursor.member());
        if (withScores) {
            call.reply().doubleValue(cursor.score());
        }
    }

    /** So many members from a position on, upwards or downwards, with the header. */
    static void range(Call call, long record, Span span, boolean reverse, boolean withScores) {
        header(call, span.count(), withScores);
        SortedSetCursor cursor = new SortedSetCursor();
        boolean is = span.count() > 0 && cursor.at(record, span.first(reverse));
        for (long left = span.count(); left > 0 && is; left--) {
            member(call, cursor, withScores);
            is = reverse ? cursor.previous() : cursor.next();
        }
    }
}

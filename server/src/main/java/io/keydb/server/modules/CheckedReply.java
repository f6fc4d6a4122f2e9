package io.keydb.server.modules;

import io.keydb.module.Bytes;
import io.keydb.module.Reply;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;

/**
 * Writes a module's reply and counts its parts, so that a client never gets more or less than one:
 * it would take the rest of all replies for something else.
 *
 * <p>Threads: confined to the call.
 */
final class CheckedReply implements Reply {
    private final RunningCall running;
    private ReplyWriter out;
    private long turn;
    private long missing;

    @SuppressWarnings("NullAway.Init") // set before every call
    CheckedReply(RunningCall running) {
        this.running = running;
    }

    void begin(ReplyWriter writer) {
        out = writer;
        turn = running.turn();
        missing = 1;
    }

    void requireWhole() {
        if (missing != 0) {
            throw new IllegalStateException("the reply lacks " + missing + " parts");
        }
    }

    /** One part more, which has so many parts itself. */
    private ReplyWriter part(long parts) {
        running.require(turn);
        if (parts < 0) {
            throw new IllegalArgumentException("an aggregate of " + parts + " parts");
        }
        if (missing == 0) {
            throw new IllegalStateException("the reply was whole already");
        }
        missing += parts - 1;
        return out;
    }

    @Override
    public void ok() {
        part(0).ok();
    }

    @Override
    public void simple(String text) {
        String line = text.replace('\r', ' ').replace('\n', ' ');
        part(0).simple(line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void integer(long value) {
        part(0).integer(value);
    }

    @Override
    public void number(double value) {
        part(0).doubleValue(value);
    }

    @Override
    public void bool(boolean value) {
        part(0).bool(value);
    }

    @Override
    public void bulk(String text) {
        bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void bulk(byte[] text) {
        part(0).bulk(text);
    }

    @Override
    public void bulk(Bytes text) {
        bulk(text.toArray());
    }

    @Override
    public void nil() {
        part(0).nullBulk();
    }

    @Override
    public void array(int parts) {
        part(parts).array(parts);
    }

    @Override
    public void map(int pairs) {
        part(2L * pairs).map(pairs);
    }

    @Override
    public void set(int parts) {
        part(parts).set(parts);
    }
}

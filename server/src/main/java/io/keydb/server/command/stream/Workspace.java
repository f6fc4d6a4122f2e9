package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.resp.Request;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.StreamCursor;
import io.keydb.server.value.stream.StreamFields;
import io.keydb.server.value.stream.StreamId;
import io.keydb.server.value.stream.Trim;

/**
 * The objects that stream commands use again from command to command.
 *
 * <p>Threads: every thread has its own; a command uses them from its start to its end.
 */
final class Workspace implements StreamFields {
    private static final ThreadLocal<Workspace> MINE = ThreadLocal.withInitial(Workspace::new);

    final StreamId id = new StreamId();
    final StreamId start = new StreamId();
    final StreamId end = new StreamId();
    final StreamId last = new StreamId();
    final StreamId scratch = new StreamId();
    final StreamCursor cursor = new StreamCursor();
    final Pending pending = new Pending();
    final Trim trim = new Trim();
    final AddOptions options = new AddOptions();
    final ClaimOptions claiming = new ClaimOptions();
    final Claim claim = new Claim();
    final IdBuffer claimed = new IdBuffer();
    final IdBuffer deleted = new IdBuffer();
    final ReadOptions reading = new ReadOptions();

    private Request request;
    private int firstField;

    @SuppressWarnings("NullAway.Init") // the request comes before its fields are asked for
    private Workspace() {}

    static Workspace mine() {
        return MINE.get();
    }

    /** The arguments from there on are fields and values. */
    StreamFields fields(Call call, int first) {
        request = call.request();
        firstField = first;
        return this;
    }

    @Override
    public int pairs() {
        return (request.count() - firstField) / 2;
    }

    @Override
    public long address(int i) {
        return request.address(firstField + i);
    }

    @Override
    public int length(int i) {
        return request.length(firstField + i);
    }
}

package io.keydb.server.migration;

import io.keydb.server.command.StateForm;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one MIGRATE on their way: what is sent and what has come of it. All is sent at once
 * and answered in the same order: AUTH and SELECT, if need be, and a RESTORE for each key.
 *
 * <p>Threads: confined to the thread that runs the command, which holds the locks of the keys.
 */
final class Transfer implements AutoCloseable {
    private static final byte[] AUTH = "AUTH".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SELECT = "SELECT".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESTORE = "RESTORE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACE = "REPLACE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOT_ASKED = {};

    private final MigrateOptions options;
    private final StateForm form;
    private final RequestBuffer head;
    private final RequestBuffer restores;
    private final OffHeapBuffer value;
    private final List<Key> keys = new ArrayList<>();
    private final List<Key> arrived = new ArrayList<>();
    private byte @Nullable [] refusal;
    private int answered;
    private boolean isWriting;

    Transfer(MigrateOptions options, StateForm form, Pages pages) {
        this.options = options;
        this.form = form;
        this.head = new RequestBuffer(pages);
        this.restores = new RequestBuffer(pages);
        this.value = new OffHeapBuffer(pages);
    }

    /**
     * Adds the value of a key.
     *
     * @param millisLeft until it expires; 0 when it does not
     */
    void add(Key key, long record, long millisLeft) {
        value.clear();
        form.dump(record, value);
        restores.request(options.replaces() ? 5 : 4)
                .argument(RESTORE)
                .argument(key.address(), key.length())
                .argument(millisLeft)
                .argument(value.address(), value.length());
        if (options.replaces()) {
            restores.argument(REPLACE);
        }
        keys.add(key);
    }

    /** Sends everything and reads what is answered, which is noted up to where it fails. */
    void run(Target target) throws IOException {
        boolean selects = target.database() != options.database();
        isWriting = true;
        writeHead(selects);
        target.write(head.address(), head.length());
        target.write(restores.address(), restores.length());
        isWriting = false;
        byte[] authenticated = options.password() == null ? NOT_ASKED : target.readLine();
        byte[] selected = selects ? target.readLine() : NOT_ASKED;
        for (Key key : keys) {
            byte[] restored = target.readLine();
            answered++;
            byte[] error = firstError(authenticated, selected, restored);
            if (error == null) {
                arrived.add(key);
            } else if (refusal == null) {
                refusal = error;
            }
        }
        target.database(refusal == null ? options.database() : Target.NO_DATABASE);
    }

    private void writeHead(boolean selects) {
        head.clear();
        byte[] password = options.password();
        if (password != null) {
            byte[] username = options.username();
            head.request(username == null ? 2 : 3).argument(AUTH);
            if (username != null) {
                head.argument(username);
            }
            head.argument(password);
        }
        if (selects) {
            head.request(2).argument(SELECT).argument(options.database());
        }
    }

    private static byte @Nullable [] firstError(byte[]... replies) {
        for (byte[] reply : replies) {
            if (reply.length > 0 && reply[0] == '-') {
                return reply;
            }
        }
        return null;
    }

    /** Whether the other server has answered for any key: then nothing may be sent again. */
    boolean isAnswered() {
        return answered > 0;
    }

    /** Whether it has ended while requests were being sent. */
    boolean isWriting() {
        return isWriting;
    }

    /** The keys that the other server has, in the order in which they were added. */
    List<Key> arrived() {
        return arrived;
    }

    /** The first error the other server has answered, with its minus; or null. */
    byte @Nullable [] refusal() {
        return refusal;
    }

    @Override
    public void close() {
        value.close();
        restores.close();
        head.close();
    }
}

package io.keydb.server.modules;

import io.keydb.module.Bytes;
import io.keydb.module.CommandFailure;
import io.keydb.module.Invocation;
import io.keydb.module.ModuleKey;
import io.keydb.module.Reply;
import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.KeyFinder;
import io.keydb.server.command.KeySpec;
import io.keydb.server.command.StateEffects;
import io.keydb.server.command.StateForm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a module's command, as the module sees it. Reused from call to call: what it hands
 * out belongs to one <em>turn</em>, and whoever uses it in another one, or on another thread, gets
 * an exception, so that no stale address is ever used.
 *
 * <p>A value may move whenever one of the call's keys is given another size or removed; the keys
 * look it up anew then ({@link #moves}).
 *
 * <p>Threads: confined to the thread that runs the command, and says so when it is not kept.
 */
final class RunningCall implements Invocation {
    private final List<KeyOfCall> keys = new ArrayList<>();
    private final List<byte[][]> replicated = new ArrayList<>();
    private final CheckedReply reply = new CheckedReply(this);
    private LoadedModule module;
    private Call call;
    private @Nullable Thread runner;
    private long turn;
    private long moves;

    @SuppressWarnings("NullAway.Init") // set before every call
    RunningCall() {}

    RunningCall begin(LoadedModule of, Call newCall) {
        module = of;
        call = newCall;
        runner = Thread.currentThread();
        turn++;
        reply.begin(newCall.reply());
        return this;
    }

    /** Says what the call leaves to the log; whatever it handed out is good for nothing now. */
    void end(boolean complete, StateForm form) {
        List<KeyOfCall> changed = new ArrayList<>();
        for (KeyOfCall key : keys) {
            if (key.isChanged()) {
                changed.add(key);
            }
        }
        if (!changed.isEmpty() && complete) {
            tellReplacements();
        } else if (!changed.isEmpty()) {
            // the request would end otherwise elsewhere: what has come of it is told instead
            for (KeyOfCall key : changed) {
                StateEffects.write(call.effects(), call.database(), key.key(), form);
            }
        }
        keys.clear();
        replicated.clear();
        runner = null;
        turn++;
    }

    private void tellReplacements() {
        for (byte[][] words : replicated) {
            Effects effects = call.effects().command(call.database().index(), words.length);
            for (byte[] word : words) {
                effects.argument(word);
            }
        }
    }

    void requireWholeReply() {
        reply.requireWhole();
    }

    LoadedModule module() {
        return module;
    }

    Call call() {
        return call;
    }

    /** The number of this turn, which what is handed out remembers. */
    long turn() {
        return turn;
    }

    /** How often a value may have moved so far. */
    long moves() {
        return moves;
    }

    void moved() {
        moves++;
    }

    /** Checks that what was handed out in some turn may be used now. */
    void require(long ofTurn) {
        if (ofTurn != turn || Thread.currentThread() != runner) {
            throw new IllegalStateException("the call that this belongs to is over");
        }
    }

    /** An error of ours as one that modules know. */
    static CommandFailure failure(CommandError error) {
        return new CommandFailure(new String(error.text(), StandardCharsets.UTF_8));
    }

    private void requireRunning() {
        require(turn);
    }

    @Override
    public int count() {
        requireRunning();
        return call.count();
    }

    private void checkArgument(int index) {
        requireRunning();
        if (index < 0 || index >= call.count()) {
            throw new IndexOutOfBoundsException("argument " + index + " of " + call.count());
        }
    }

    @Override
    public Bytes argument(int index) {
        checkArgument(index);
        return new ArgumentBytes(this, call.request().address(index), call.request().length(index));
    }

    @Override
    public String text(int index) {
        checkArgument(index);
        return new String(call.request().bytes(index), StandardCharsets.UTF_8);
    }

    @Override
    public long integer(int index) {
        checkArgument(index);
        try {
            return call.integer(index);
        } catch (CommandError error) {
            throw failure(error);
        }
    }

    @Override
    public boolean is(int index, String keyword) {
        checkArgument(index);
        return call.text(index).equalsIgnoreCase(keyword);
    }

    @Override
    public ModuleKey key(int index) {
        checkArgument(index);
        for (KeyOfCall key : keys) {
            if (key.argument() == index) {
                return key;
            }
        }
        KeyOfCall key = new KeyOfCall(this, index, declaredAccess(index));
        keys.add(key);
        return key;
    }

    /** What the command may do with the key at an argument, as {@link KeySpec#access} tells it. */
    private int declaredAccess(int index) {
        boolean[] found = new boolean[1];
        int[] access = new int[1];
        KeyFinder.find(
                call.command(),
                call.request(),
                (argument, spec) -> {
                    if (argument == index && spec.findsKeys()) {
                        found[0] = true;
                        access[0] |= spec.access(call.request());
                    }
                });
        if (!found[0]) {
            throw new IllegalStateException(
                    "argument " + index + " is no key by the declaration of the command");
        }
        return access[0];
    }

    @Override
    public Reply reply() {
        requireRunning();
        return reply;
    }

    @Override
    public long nowMillis() {
        requireRunning();
        return call.nowMillis();
    }

    @Override
    public int database() {
        requireRunning();
        return call.database().index();
    }

    @Override
    public int protocol() {
        requireRunning();
        return call.reply().protocol();
    }

    @Override
    public void replicate(String command, byte[]... arguments) {
        requireRunning();
        byte[][] words = new byte[arguments.length + 1][];
        words[0] = command.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < arguments.length; i++) {
            words[i + 1] = arguments[i].clone();
        }
        replicated.add(words);
    }
}

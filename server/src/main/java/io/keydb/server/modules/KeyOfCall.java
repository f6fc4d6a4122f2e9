package io.keydb.server.modules;

import io.keydb.module.Bytes;
import io.keydb.module.CommandFailure;
import io.keydb.module.DataType;
import io.keydb.module.ModuleKey;
import io.keydb.module.MutableBytes;
import io.keydb.server.command.Call;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.Errors;
import io.keydb.server.command.KeySpec;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.module.ModuleValue;
import org.jspecify.annotations.Nullable;

/**
 * A key of a running call. Two arguments may name the same key; so every use looks whether a value
 * of the call may have moved since the last one, and finds its record anew then.
 *
 * <p>Threads: confined to the call; checked.
 */
final class KeyOfCall implements ModuleKey {
    private static final CommandFailure UNLOADING =
            new CommandFailure("ERR the module is about to be unloaded");

    /** A value travels as one string. */
    private static final long LONGEST_VALUE = 512L << 20;

    private final RunningCall running;
    private final Call call;
    private final long turn;
    private final int argument;
    private final int access;
    private final Key key;
    private final Entry entry;
    private final ValueBytes bytes = new ValueBytes(this);
    private long seenMoves;
    private boolean changed;

    /**
     * A key at an argument; counts as an access.
     *
     * @param access what the command may do with it
     */
    KeyOfCall(RunningCall running, int argument, int access) {
        this.access = access;
        this.running = running;
        this.call = running.call();
        this.turn = running.turn();
        this.argument = argument;
        this.key = call.key(argument);
        long record = call.database().find(key);
        if (call.command().has(CommandFlag.READONLY)) {
            call.lookedUp(key, record != 0);
        }
        this.entry = new Entry().set(call.database(), key, record);
        this.seenMoves = running.moves();
    }

    int argument() {
        return argument;
    }

    Key key() {
        return key;
    }

    /** Whether the call has changed it by this argument. */
    boolean isChanged() {
        return changed;
    }

    /** The record as it is now, or 0. */
    private long record() {
        running.require(turn);
        if (seenMoves != running.moves()) {
            entry.set(call.database(), key, call.database().peek(key));
            seenMoves = running.moves();
        }
        return entry.record();
    }

    /** Checks that the value can be looked at. */
    void requireValue() {
        long record = record();
        if (record == 0 || Record.type(record) != Record.MODULE) {
            throw new IllegalStateException("the value was removed");
        }
    }

    /** Checks that the value may be changed. */
    void requireChanged() {
        if (!changed) {
            throw new IllegalStateException("the value was asked for to be read only");
        }
    }

    /** Where the value is; only after {@link #requireValue}. */
    long address() {
        return ModuleValue.address(entry.record());
    }

    /** How many bytes it has; only after {@link #requireValue}. */
    long length() {
        return ModuleValue.length(entry.record());
    }

    /** Users were permitted no more than what is declared. */
    private void requireWrite() {
        if (!call.command().has(CommandFlag.WRITE) || (access & KeySpec.WRITE) == 0) {
            throw new IllegalStateException(
                    "command "
                            + call.command().fullName()
                            + " does not declare that it changes argument "
                            + argument);
        }
    }

    private void requireType(DataType type) {
        long identity = running.module().identity(type);
        long record = record();
        if (record != 0
                && (Record.type(record) != Record.MODULE
                        || ModuleValue.identity(record) != identity)) {
            throw RunningCall.failure(Errors.WRONG_TYPE);
        }
    }

    private void noteChange() {
        if (!changed) {
            changed = true;
            call.touched(key);
        }
    }

    @Override
    public boolean exists() {
        return record() != 0;
    }

    @Override
    public @Nullable Bytes read(DataType type) {
        requireType(type);
        return entry.exists() ? bytes : null;
    }

    @Override
    public @Nullable MutableBytes change(DataType type) {
        requireWrite();
        requireType(type);
        if (!entry.exists()) {
            return null;
        }
        entry.beforeChange();
        noteChange();
        return bytes;
    }

    @Override
    public MutableBytes resize(DataType type, long length) {
        requireWrite();
        requireType(type);
        if (length < 0) {
            throw new IllegalArgumentException("a value of " + length + " bytes");
        }
        if (length > Math.min(call.longestString(), LONGEST_VALUE)) {
            throw RunningCall.failure(Errors.STRING_TOO_LONG);
        }
        if (!entry.exists()) {
            if (!running.module().takesValues()) {
                throw UNLOADING;
            }
            long identity = running.module().identity(type);
            Memory.fill(ModuleValue.create(entry, identity, length), length, (byte) 0);
        } else if (length() == length) {
            entry.beforeChange();
        } else {
            long old = length();
            long to = ModuleValue.resize(entry, length);
            Memory.fill(to + old, Math.max(0, length - old), (byte) 0);
        }
        moved();
        noteChange();
        return bytes;
    }

    @Override
    public boolean remove() {
        requireWrite();
        if (record() == 0) {
            return false;
        }
        entry.remove();
        moved();
        noteChange();
        return true;
    }

    /** Other arguments of the same key find its record anew; this one knows it. */
    private void moved() {
        running.moved();
        seenMoves = running.moves();
    }

    @Override
    public void event(String name) {
        running.require(turn);
        call.event(EventClass.MODULE, name, key);
    }
}

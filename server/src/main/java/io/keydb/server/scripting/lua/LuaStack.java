package io.keydb.server.scripting.lua;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.nio.charset.StandardCharsets;

/**
 * The stack through which Java and Lua hand each other values: these are pushed, looked at by their
 * place (1 is the first, -1 the topmost) and popped. Texts are bytes.
 *
 * <p>Every method here is <em>raw</em>: it obeys no metatable and raises no error of Lua, because
 * an error would jump over the Java frames in between.
 *
 * <p>A {@link LuaFunction} runs on the stack of whoever called it, which may be a coroutine's; this
 * object then shows that stack until the function returns.
 *
 * <p>Threads: confined to one thread at a time.
 */
public abstract sealed class LuaStack permits LuaState {
    /** The table that scripts cannot see. */
    public static final int REGISTRY = -10000;

    /** The table of globals. */
    public static final int GLOBALS = -10002;

    private static final long SCRATCH_BYTES = 256;

    /** Place for what the library writes back: a length, or facts of a call. */
    private final long scratch = NativeHeap.allocate(SCRATCH_BYTES);

    private long current;
    private int stringLength;

    /**
     * What is about to be pushed takes memory.
     *
     * @throws LuaError when there is none left for the script
     */
    abstract void needMemory();

    // ---- the stack itself

    /** How many values lie on it. */
    public int top() {
        return (int) LuaNatives.call(LuaNatives.TOP, current, 0, 0, 0);
    }

    /** Drops values, or pushes nil, until so many lie on it. */
    public void top(int count) {
        LuaNatives.call(LuaNatives.SET_TOP, current, count, 0, 0);
    }

    /** Drops so many values. */
    public void pop(int count) {
        top(-count - 1);
    }

    /** Makes room for so many values more; false when there can be none. */
    public boolean room(int values) {
        return (int) LuaNatives.call(LuaNatives.CHECK_STACK, current, values, 0, 0) != 0;
    }

    /** Moves the topmost value to a place; those from there on move up. */
    public void insert(int index) {
        LuaNatives.call(LuaNatives.INSERT, current, index, 0, 0);
    }

    /** Takes a value away; those above it move down. */
    public void remove(int index) {
        LuaNatives.call(LuaNatives.REMOVE, current, index, 0, 0);
    }

    /** Moves the topmost value to a place, over what is there. */
    public void replace(int index) {
        LuaNatives.call(LuaNatives.REPLACE, current, index, 0, 0);
    }

    // ---- pushing

    public void pushNil() {
        LuaNatives.call(LuaNatives.PUSH_NIL, current, 0, 0, 0);
    }

    public void pushBoolean(boolean value) {
        LuaNatives.call(LuaNatives.PUSH_BOOLEAN, current, value ? 1 : 0, 0, 0);
    }

    public void pushNumber(double value) {
        LuaNatives.pushNumber(current, value);
    }

    /** A text of so many bytes, which are copied. */
    public void pushString(long address, long length) {
        needMemory();
        LuaNatives.call(LuaNatives.PUSH_STRING, current, address, length, 0);
    }

    /** A text, which is copied. */
    public void pushString(byte[] text) {
        if (text.length <= SCRATCH_BYTES) {
            Memory.copyIn(text, 0, scratch, text.length);
            pushString(scratch, text.length);
            return;
        }
        long copy = NativeHeap.allocate(text.length);
        Memory.copyIn(text, 0, copy, text.length);
        pushString(copy, text.length);
        NativeHeap.free(copy, text.length);
    }

    /** A text of one byte for each character. */
    public void pushString(String text) {
        pushString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A copy of a value. */
    public void pushValue(int index) {
        LuaNatives.call(LuaNatives.PUSH_VALUE, current, index, 0, 0);
    }

    /** A number that scripts can pass on but not read. */
    public void pushPointer(long value) {
        LuaNatives.call(LuaNatives.PUSH_POINTER, current, value, 0, 0);
    }

    /** The place of a value that goes with the running function; 1 is the first. */
    public static int upvalue(int i) {
        return GLOBALS - 1 - i;
    }

    /** A function of the C library, by the name of its symbol, as {@code luaopen_math}. */
    public void pushNative(String symbol) {
        pushNative(LuaNatives.address(symbol));
    }

    void pushNative(long function) {
        LuaNatives.call(LuaNatives.PUSH_CLOSURE, current, function, 0, 0);
    }

    void pushClosure(long function, int upvalues) {
        LuaNatives.call(LuaNatives.PUSH_CLOSURE, current, function, upvalues, 0);
    }

    /** An empty table with room for so many elements of a list and so many others. */
    public void newTable(int listElements, int others) {
        needMemory();
        LuaNatives.call(LuaNatives.CREATE_TABLE, current, listElements, others, 0);
    }

    // ---- looking

    /** The {@link LuaType} of a value. */
    public int type(int index) {
        return (int) LuaNatives.call(LuaNatives.TYPE_OF, current, index, 0, 0);
    }

    public boolean isNil(int index) {
        return type(index) == LuaType.NIL;
    }

    public boolean isTable(int index) {
        return type(index) == LuaType.TABLE;
    }

    public boolean isFunction(int index) {
        return type(index) == LuaType.FUNCTION;
    }

    /** Whether it is a string or a number, which is as good as one. */
    public boolean isString(int index) {
        int type = type(index);
        return type == LuaType.STRING || type == LuaType.NUMBER;
    }

    /** Whether it is a number or a string that reads like one. */
    public boolean isNumber(int index) {
        return (int) LuaNatives.call(LuaNatives.IS_NUMBER, current, index, 0, 0) != 0;
    }

    /** Whether it is a function that is not written in Lua. */
    public boolean isNative(int index) {
        return (int) LuaNatives.call(LuaNatives.IS_NATIVE, current, index, 0, 0) != 0;
    }

    /** Everything but nil and false is true. */
    public boolean toBoolean(int index) {
        return (int) LuaNatives.call(LuaNatives.TO_BOOLEAN, current, index, 0, 0) != 0;
    }

    /** A number, or a string that reads like one; 0 for anything else. */
    public double toNumber(int index) {
        return LuaNatives.toNumber(current, index);
    }

    /** The identity of a table, function, thread or userdata; 0 for anything else. */
    public long toPointer(int index) {
        return LuaNatives.call(LuaNatives.TO_POINTER, current, index, 0, 0);
    }

    /**
     * Where the bytes of a string lie, and a NUL behind them; {@link #stringLength} then tells how
     * many. A number on the stack becomes a string. 0 for anything else. Valid while the value is
     * on the stack or in a table.
     */
    public long string(int index) {
        long address = LuaNatives.call(LuaNatives.TO_STRING, current, index, scratch, 0);
        stringLength = address == 0 ? 0 : (int) Memory.getLong(scratch);
        return address;
    }

    /** How long the last {@link #string} is. */
    public int stringLength() {
        return stringLength;
    }

    /** A copy of a string's bytes; empty for what is none. */
    public byte[] bytes(int index) {
        long address = string(index);
        return Memory.bytes(address, stringLength);
    }

    /** A string with one character for each byte; empty for what is none. */
    public String text(int index) {
        return new String(bytes(index), StandardCharsets.ISO_8859_1);
    }

    /** The length of a string, or of the list in a table. */
    public long length(int index) {
        return LuaNatives.call(LuaNatives.LENGTH, current, index, 0, 0);
    }

    /** Whether two values are the same, whatever their metatables say. */
    public boolean equal(int first, int second) {
        return (int) LuaNatives.call(LuaNatives.RAW_EQUAL, current, first, second, 0) != 0;
    }

    // ---- tables

    /** Replaces the key on top by its value in the table. */
    public void get(int table) {
        LuaNatives.call(LuaNatives.RAW_GET, current, table, 0, 0);
    }

    /** Pushes element {@code i} of a list. */
    public void get(int table, int i) {
        LuaNatives.call(LuaNatives.RAW_GET_AT, current, table, i, 0);
    }

    /** Pushes the value of a key. */
    public void get(int table, String key) {
        int place = absolute(table);
        pushString(key);
        get(place);
    }

    /**
     * Puts the topmost value at the key below it and pops both. The key is neither nil nor
     * not-a-number.
     */
    public void set(int table) {
        LuaNatives.call(LuaNatives.RAW_SET, current, table, 0, 0);
    }

    /** Makes the topmost value element {@code i} of a list and pops it. */
    public void set(int table, int i) {
        LuaNatives.call(LuaNatives.RAW_SET_AT, current, table, i, 0);
    }

    /** Puts the topmost value at a key and pops it. */
    public void set(int table, String key) {
        int place = absolute(table);
        pushString(key);
        insert(-2);
        set(place);
    }

    /**
     * Replaces the key on top by the next key and its value; false, with the key gone, behind the
     * last one. Begins with nil. The key is one of the table's.
     */
    public boolean next(int table) {
        return (int) LuaNatives.call(LuaNatives.NEXT, current, table, 0, 0) != 0;
    }

    /** Pushes a value's metatable; false, and nothing is pushed, when it has none. */
    public boolean metatable(int index) {
        return (int) LuaNatives.call(LuaNatives.GET_METATABLE, current, index, 0, 0) != 0;
    }

    /** Makes the table on top, or nil, the metatable of a value and pops it. */
    public void setMetatable(int index) {
        LuaNatives.call(LuaNatives.SET_METATABLE, current, index, 0, 0);
    }

    /** Pushes the table a function takes for its globals. */
    public void environment(int function) {
        LuaNatives.call(LuaNatives.GET_ENVIRONMENT, current, function, 0, 0);
    }

    /** Makes the table on top that of a function's globals and pops it. */
    public void setEnvironment(int function) {
        LuaNatives.call(LuaNatives.SET_ENVIRONMENT, current, function, 0, 0);
    }

    private int absolute(int index) {
        return index < 0 && index > REGISTRY ? top() + index + 1 : index;
    }

    // ---- keeping values

    /** Takes the topmost value away and keeps it; gives its number. */
    public int keep() {
        return (int) LuaNatives.call(LuaNatives.REFER, current, REGISTRY, 0, 0);
    }

    /** Pushes a kept value. */
    public void pushKept(int number) {
        get(REGISTRY, number);
    }

    /** Keeps a value no longer. */
    public void forget(int number) {
        LuaNatives.call(LuaNatives.UNREFER, current, REGISTRY, number, 0);
    }

    // ---- which stack

    long current() {
        return current;
    }

    void current(long thread) {
        current = thread;
    }

    long scratch() {
        return scratch;
    }

    void freeScratch() {
        NativeHeap.free(scratch, SCRATCH_BYTES);
    }
}

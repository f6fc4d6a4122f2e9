package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;
import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;

/**
 * The functions of {@code string} that take patterns, and {@code rep}: what they do may last long
 * or take much memory, so they are written anew to be stopped in time.
 *
 * <p>Threads: as the state it is installed in.
 */
final class StringFunctions implements LuaLibrary {
    private static final String SPECIAL = "^$*+?.([%-";

    private int indexing;
    private int nextMatch;

    @Override
    public void install(LuaState lua) {
        lua.run("return function(t, k) return t[k] end", "=(index)", 1);
        indexing = lua.keep();
        nextMatch = lua.register(StringFunctions::nextMatch);
        lua.get(LuaState.GLOBALS, "string");
        Functions.replaced(lua)
                .add("find", call -> find(call, true))
                .add("match", call -> find(call, false))
                .add("gmatch", this::allMatches)
                .add("gfind", this::allMatches)
                .add("gsub", this::substitute)
                .add("rep", StringFunctions::repeat);
        lua.pop(1);
    }

    private static int find(LuaState lua, boolean isFind) {
        long text = lua.stringArgument(1);
        long length = lua.stringLength();
        long pattern = lua.stringArgument(2);
        long patternLength = lua.stringLength();
        long first = Numbers.integerArgument(lua, 3, 1);
        if (first < 0) {
            first = Math.max(0, first + length + 1);
        }
        long from = text + Math.min(length, Math.max(0, first - 1));
        if (isFind && (lua.toBoolean(4) || !hasSpecial(pattern))) {
            return findPlain(lua, text, from, length, pattern, patternLength);
        }
        boolean isAnchored = Memory.getByte(pattern) == '^';
        long items = isAnchored ? pattern + 1 : pattern;
        long end = text + length;
        LuaPattern matcher = new LuaPattern(lua, text, end);
        for (long at = from; at <= end; at++) {
            long found = matcher.match(at, items);
            if (found != LuaPattern.NO_MATCH) {
                if (!isFind) {
                    return matcher.pushCaptures(at, found);
                }
                lua.pushNumber(at - text + 1);
                lua.pushNumber(found - text);
                return 2 + matcher.pushCapturesOnly();
            }
            if (isAnchored) {
                break;
            }
        }
        lua.pushNil();
        return 1;
    }

    private static int findPlain(
            LuaState lua, long text, long from, long length, long wanted, long wantedLength) {
        long last = text + length - wantedLength;
        Effort effort = new Effort(lua);
        for (long at = from; at <= last; at++) {
            effort.bytes(wantedLength);
            if (wantedLength == 0
                    || (Memory.getByte(at) == Memory.getByte(wanted)
                            && Memory.equal(at, wanted, wantedLength))) {
                lua.pushNumber(at - text + 1);
                lua.pushNumber(at - text + wantedLength);
                return 2;
            }
        }
        lua.pushNil();
        return 1;
    }

    private static boolean hasSpecial(long pattern) {
        for (long at = pattern; Memory.getByte(at) != 0; at++) {
            if (SPECIAL.indexOf(Memory.getByte(at)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private int allMatches(LuaState lua) {
        lua.stringArgument(1);
        lua.stringArgument(2);
        lua.top(2);
        lua.pushNumber(0);
        lua.pushFunction(nextMatch, 3);
        return 1;
    }

    /** Of the text, the pattern and the position that go with the function. */
    private static int nextMatch(LuaState lua) {
        long text = lua.string(LuaState.upvalue(1));
        long end = text + lua.stringLength();
        long pattern = lua.string(LuaState.upvalue(2));
        LuaPattern matcher = new LuaPattern(lua, text, end);
        for (long at = text + (long) lua.toNumber(LuaState.upvalue(3)); at <= end; at++) {
            long found = matcher.match(at, pattern);
            if (found != LuaPattern.NO_MATCH) {
                lua.pushNumber(found - text + (found == at ? 1 : 0));
                lua.replace(LuaState.upvalue(3));
                return matcher.pushCaptures(at, found);
            }
        }
        return 0;
    }

    private int substitute(LuaState lua) {
        long text = lua.stringArgument(1);
        long length = lua.stringLength();
        long pattern = lua.stringArgument(2);
        int type = lua.type(3);
        int most = (int) Numbers.integerArgument(lua, 4, length + 1);
        if (type != LuaType.NUMBER
                && type != LuaType.STRING
                && type != LuaType.TABLE
                && type != LuaType.FUNCTION) {
            throw lua.argument(3, "string/function/table expected");
        }
        boolean isAnchored = Memory.getByte(pattern) == '^';
        long items = isAnchored ? pattern + 1 : pattern;
        long end = text + length;
        long at = text;
        int count = 0;
        LuaPattern matcher = new LuaPattern(lua, text, end);
        try (NativeBuffer to = new NativeBuffer()) {
            while (count < most) {
                long found = matcher.match(at, items);
                if (found != LuaPattern.NO_MATCH) {
                    count++;
                    appendReplacement(lua, matcher, to, at, found);
                }
                if (found != LuaPattern.NO_MATCH && found > at) {
                    at = found;
                } else if (at < end) {
                    to.append(Memory.getByte(at));
                    at++;
                } else {
                    break;
                }
                if (isAnchored) {
                    break;
                }
            }
            to.append(at, end - at);
            to.push(lua);
        }
        lua.pushNumber(count);
        return 2;
    }

    private void appendReplacement(
            LuaState lua, LuaPattern matcher, NativeBuffer to, long from, long end) {
        switch (lua.type(3)) {
            case LuaType.FUNCTION -> {
                lua.pushValue(3);
                protectedCall(lua, matcher.pushCaptures(from, end));
            }
            case LuaType.TABLE -> {
                if (lua.metatable(3)) {
                    lua.pop(1);
                    lua.pushKept(indexing);
                    lua.pushValue(3);
                    matcher.pushCapture(0, from, end);
                    protectedCall(lua, 2);
                } else {
                    matcher.pushCapture(0, from, end);
                    lua.get(3);
                }
            }
            default -> {
                appendTemplate(lua, matcher, to, from, end);
                return;
            }
        }
        if (!lua.toBoolean(-1)) {
            to.append(from, end - from);
        } else if (lua.isString(-1)) {
            appendTop(lua, to);
        } else {
            throw new LuaError("invalid replacement value (a " + LuaType.name(lua.type(-1)) + ")");
        }
        lua.pop(1);
    }

    /** Appends the replacement with what {@code %0} to {@code %9} stand for. */
    private static void appendTemplate(
            LuaState lua, LuaPattern matcher, NativeBuffer to, long from, long end) {
        long template = lua.string(3);
        int length = lua.stringLength();
        for (int i = 0; i < length; i++) {
            int c = Memory.getByte(template + i);
            if (c != '%') {
                to.append(c);
                continue;
            }
            i++;
            c = Memory.getByte(template + i);
            if (c < '0' || c > '9') {
                to.append(c);
            } else if (c == '0') {
                to.append(from, end - from);
            } else {
                matcher.pushCapture(c - '1', from, end);
                appendTop(lua, to);
                lua.pop(1);
            }
        }
    }

    private static void appendTop(LuaState lua, NativeBuffer to) {
        long text = lua.string(-1);
        to.append(text, lua.stringLength());
    }

    private static void protectedCall(LuaState lua, int arguments) {
        if (lua.call(arguments, 1, 0) != LuaState.OK) {
            throw LuaError.ON_TOP;
        }
    }

    private static int repeat(LuaState lua) {
        long text = lua.stringArgument(1);
        long length = lua.stringLength();
        long count = Math.max(0, (int) Numbers.integerArgument(lua, 2));
        long total = length * count;
        if (total == 0) {
            lua.pushString("");
            return 1;
        }
        try (NativeBuffer to = new NativeBuffer()) {
            long start = to.reserve(total);
            Memory.copy(text, start, length);
            for (long done = length; done < total; done *= 2) {
                Memory.copy(start, start + done, Math.min(done, total - done));
            }
            to.push(lua);
        }
        return 1;
    }
}

package io.keydb.server.scripting;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaFunction;
import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;
import io.keydb.server.scripting.lua.LuaType;
import io.keydb.server.support.Version;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code redis}, which is also called {@code keydb}: what scripts ask of the server.
 *
 * <p>Threads: as the state it is installed in.
 */
final class RedisLibrary implements LuaLibrary {
    private static final Logger LOG = LoggerFactory.getLogger("io.keydb.script");
    private static final String[] LOG_LEVELS = {
        "LOG_DEBUG", "LOG_VERBOSE", "LOG_NOTICE", "LOG_WARNING"
    };
    private static final int NOTICE = 2;
    private static final int WARNING = 3;

    /** Bits of {@code redis.set_repl}: the append-only file, the replicas. */
    private static final int NOBODY = 0;

    private static final int EVERYBODY = 3;

    private final ScriptCalls calls;
    private final boolean forScripts;

    /**
     * @param forScripts whether those functions are to be there that only EVAL has
     */
    RedisLibrary(ScriptCalls calls, boolean forScripts) {
        this.calls = calls;
        this.forScripts = forScripts;
    }

    @Override
    public void install(LuaState lua) {
        lua.newTable(0, 32);
        add(lua, "call", state -> calls.call(state, true));
        add(lua, "pcall", state -> calls.call(state, false));
        add(lua, "setresp", this::setProtocol);
        add(lua, "sha1hex", RedisLibrary::digest);
        add(lua, "error_reply", RedisLibrary::errorReply);
        add(lua, "status_reply", RedisLibrary::statusReply);
        add(lua, "set_repl", this::setTold);
        add(lua, "acl_check_cmd", calls::mayCall);
        if (forScripts) {
            add(lua, "breakpoint", state -> bool(state, false));
            add(lua, "debug", state -> 0);
            add(lua, "replicate_commands", state -> bool(state, true));
        }
        addLogAndVersion(lua);
        number(lua, "REPL_NONE", NOBODY);
        number(lua, "REPL_AOF", 1);
        number(lua, "REPL_SLAVE", 2);
        number(lua, "REPL_REPLICA", 2);
        number(lua, "REPL_ALL", EVERYBODY);
        lua.pushValue(-1);
        lua.set(LuaState.GLOBALS, "redis");
        lua.set(LuaState.GLOBALS, "keydb");
    }

    /** Adds to the table on top what libraries have while they are loaded, too. */
    static void addLogAndVersion(LuaState lua) {
        add(lua, "log", RedisLibrary::log);
        for (int level = 0; level < LOG_LEVELS.length; level++) {
            number(lua, LOG_LEVELS[level], level);
        }
        lua.pushString(Version.REDIS);
        lua.set(-2, "REDIS_VERSION");
        number(lua, "REDIS_VERSION_NUM", versionNumber());
    }

    private static void add(LuaState lua, String name, LuaFunction function) {
        lua.pushFunction(function);
        lua.set(-2, name);
    }

    private static void number(LuaState lua, String name, double value) {
        lua.pushNumber(value);
        lua.set(-2, name);
    }

    private static int bool(LuaState lua, boolean value) {
        lua.pushBoolean(value);
        return 1;
    }

    /** One byte for each part of the version. */
    private static int versionNumber() {
        int number = 0;
        for (String part : Version.REDIS.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }

    /** Pushes an error as {@code redis.pcall} returns it; a code is put in front. */
    static void pushError(LuaState lua, String message) {
        lua.newTable(0, 1);
        lua.pushString("ERR " + message);
        lua.set(-2, "err");
    }

    static LuaError error(LuaState lua, String message) {
        pushError(lua, message);
        return LuaError.ON_TOP;
    }

    private static int log(LuaState lua) {
        int count = lua.top();
        if (count < 2) {
            throw error(lua, "redis.log() requires two arguments or more.");
        }
        if (!lua.isNumber(1)) {
            throw error(lua, "First argument must be a number (log level).");
        }
        int level = (int) lua.toNumber(1);
        if (level < 0 || level > WARNING) {
            throw error(lua, "Invalid debug level.");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 2; i <= count; i++) {
            if (lua.isString(i)) {
                text.append(i == 2 ? "" : " ")
                        .append(new String(lua.bytes(i), StandardCharsets.UTF_8));
            }
        }
        switch (level) {
            case NOTICE -> LOG.info("{}", text);
            case WARNING -> LOG.warn("{}", text);
            default -> LOG.debug("{}", text);
        }
        return 0;
    }

    private int setProtocol(LuaState lua) {
        if (lua.top() != 1) {
            throw error(lua, "redis.setresp() requires one argument.");
        }
        int version = (int) lua.toNumber(1);
        if (version != 2 && version != 3) {
            throw error(lua, "RESP version must be 2 or 3.");
        }
        calls.protocol(version);
        return 0;
    }

    private int setTold(LuaState lua) {
        if (lua.top() != 1) {
            throw error(lua, "redis.set_repl() requires two arguments.");
        }
        int whom = (int) lua.toNumber(1);
        if ((whom & ~EVERYBODY) != 0) {
            throw error(
                    lua,
                    "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or"
                            + " REPL_NONE.");
        }
        calls.told(whom != NOBODY);
        return 0;
    }

    private static int digest(LuaState lua) {
        if (lua.top() != 1) {
            throw error(lua, "wrong number of arguments");
        }
        long text = lua.string(1);
        lua.pushString(ScriptCache.digest(text, lua.stringLength()));
        return 1;
    }

    private static int errorReply(LuaState lua) {
        if (lua.top() != 1 || lua.type(1) != LuaType.STRING) {
            pushError(lua, "wrong number or type of arguments");
            return 1;
        }
        String text = lua.text(1);
        lua.newTable(0, 1);
        lua.pushString(coded(text.startsWith("-") ? text.substring(1) : text));
        lua.set(-2, "err");
        return 1;
    }

    /** An error begins with a code; line ends around it are dropped. */
    private static String coded(String text) {
        int blank = text.indexOf(' ');
        String code = blank < 0 ? "ERR" : text.substring(0, blank);
        String message = blank < 0 ? text : text.substring(blank + 1);
        int from = 0;
        int end = message.length();
        while (from < end && isLineEnd(message.charAt(from))) {
            from++;
        }
        while (end > from && isLineEnd(message.charAt(end - 1))) {
            end--;
        }
        return code + " " + message.substring(from, end);
    }

    private static boolean isLineEnd(char c) {
        return c == '\r' || c == '\n';
    }

    private static int statusReply(LuaState lua) {
        if (lua.top() != 1 || lua.type(1) != LuaType.STRING) {
            pushError(lua, "wrong number or type of arguments");
            return 1;
        }
        lua.newTable(0, 1);
        lua.pushValue(1);
        lua.set(-2, "ok");
        return 1;
    }
}

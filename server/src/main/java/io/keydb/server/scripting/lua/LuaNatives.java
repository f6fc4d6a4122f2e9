package io.keydb.server.scripting.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The functions of the Lua library. Nothing of it is loaded before the first script.
 *
 * <p>Almost all of them are linked with one type, four integer registers and one for the result,
 * because linking a type costs tens of milliseconds; a C function does not see what lies in the
 * registers behind its own arguments.
 *
 * <p>What neither allocates nor calls back is linked as <em>critical</em>: such a call costs a few
 * nanoseconds.
 *
 * <p>Threads: immutable.
 */
final class LuaNatives {
    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);
    private static final FunctionDescriptor PUSH_NUMBER =
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_DOUBLE);
    private static final FunctionDescriptor TO_NUMBER =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = load();

    // These may allocate, collect garbage or run code of the script.
    static final MethodHandle NEW_STATE = link("lua_newstate");
    static final MethodHandle CLOSE = link("lua_close");
    static final MethodHandle PUSH_STRING = link("lua_pushlstring");
    static final MethodHandle PUSH_CLOSURE = link("lua_pushcclosure");
    static final MethodHandle CREATE_TABLE = link("lua_createtable");
    static final MethodHandle RAW_SET = link("lua_rawset");
    static final MethodHandle RAW_SET_AT = link("lua_rawseti");
    static final MethodHandle TO_STRING = link("lua_tolstring");
    static final MethodHandle CHECK_STACK = link("lua_checkstack");
    static final MethodHandle LOAD = link("luaL_loadbuffer");
    static final MethodHandle CALL = link("lua_pcall");
    static final MethodHandle COLLECT = link("lua_gc");
    static final MethodHandle WHERE = link("luaL_where");
    static final MethodHandle GET_INFO = link("lua_getinfo");
    static final MethodHandle CONCAT = link("lua_concat");
    static final MethodHandle REFER = link("luaL_ref");
    static final MethodHandle UNREFER = link("luaL_unref");
    static final MethodHandle SET_HOOK = link("lua_sethook");
    static final MethodHandle NEXT = link("lua_next");
    static final MethodHandle SET_METATABLE = link("lua_setmetatable");

    // These do not.
    static final MethodHandle REALLOCATE = linkSystem("realloc");
    static final MethodHandle FREE = linkSystem("free");
    static final MethodHandle GET_HOOK = linkCritical("lua_gethook");
    static final MethodHandle TOP = linkCritical("lua_gettop");
    static final MethodHandle SET_TOP = linkCritical("lua_settop");
    static final MethodHandle PUSH_VALUE = linkCritical("lua_pushvalue");
    static final MethodHandle PUSH_NIL = linkCritical("lua_pushnil");
    static final MethodHandle PUSH_BOOLEAN = linkCritical("lua_pushboolean");
    static final MethodHandle PUSH_POINTER = linkCritical("lua_pushlightuserdata");
    static final MethodHandle INSERT = linkCritical("lua_insert");
    static final MethodHandle REMOVE = linkCritical("lua_remove");
    static final MethodHandle REPLACE = linkCritical("lua_replace");
    static final MethodHandle TYPE_OF = linkCritical("lua_type");
    static final MethodHandle TO_BOOLEAN = linkCritical("lua_toboolean");
    static final MethodHandle IS_NUMBER = linkCritical("lua_isnumber");
    static final MethodHandle IS_NATIVE = linkCritical("lua_iscfunction");
    static final MethodHandle TO_POINTER = linkCritical("lua_topointer");
    static final MethodHandle LENGTH = linkCritical("lua_objlen");
    static final MethodHandle RAW_GET = linkCritical("lua_rawget");
    static final MethodHandle RAW_GET_AT = linkCritical("lua_rawgeti");
    static final MethodHandle RAW_EQUAL = linkCritical("lua_rawequal");
    static final MethodHandle GET_METATABLE = linkCritical("lua_getmetatable");
    static final MethodHandle GET_ENVIRONMENT = linkCritical("lua_getfenv");
    static final MethodHandle SET_ENVIRONMENT = linkCritical("lua_setfenv");
    static final MethodHandle GET_STACK = linkCritical("lua_getstack");
    static final MethodHandle NUMBER =
            LINKER.downcallHandle(
                    LIBRARY.findOrThrow("lua_pushnumber"),
                    PUSH_NUMBER,
                    Linker.Option.critical(false));
    static final MethodHandle AS_NUMBER =
            LINKER.downcallHandle(
                    LIBRARY.findOrThrow("lua_tonumber"), TO_NUMBER, Linker.Option.critical(false));

    private LuaNatives() {}

    /** Where a function of the library lies, as a C function that scripts can call. */
    static long address(String name) {
        return LIBRARY.findOrThrow(name).address();
    }

    static long call(MethodHandle function, long state, long second, long third, long fourth) {
        try {
            return (long) function.invokeExact(state, second, third, fourth);
        } catch (StackOverflowError deep) {
            throw deep;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    static void pushNumber(long state, double value) {
        try {
            NUMBER.invokeExact(state, value);
        } catch (StackOverflowError deep) {
            throw deep;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    static double toNumber(long state, long index) {
        try {
            return (double) AS_NUMBER.invokeExact(state, index);
        } catch (StackOverflowError deep) {
            throw deep;
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private static MethodHandle link(String name) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), TYPE);
    }

    private static MethodHandle linkSystem(String name) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), TYPE, Linker.Option.critical(false));
    }

    private static MethodHandle linkCritical(String name) {
        return LINKER.downcallHandle(
                LIBRARY.findOrThrow(name), TYPE, Linker.Option.critical(false));
    }

    /**
     * The library lies in a jar; the system loads it from a file, which is not needed any longer.
     */
    private static SymbolLookup load() {
        String resource = resource();
        try (InputStream bytes = LuaNatives.class.getClassLoader().getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new UnsupportedOperationException("no Lua for this platform: " + resource);
            }
            Path file = Files.createTempFile("keydb-lua", null);
            try {
                Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(file, Arena.global());
            } finally {
                Files.delete(file);
            }
        } catch (IOException cannotUnpack) {
            throw new UncheckedIOException(cannotUnpack);
        }
    }

    private static String resource() {
        boolean isArm = System.getProperty("os.arch", "").equals("aarch64");
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return "liblua51"
                + (isArm ? "arm64" : "64")
                + (system.startsWith("mac") ? ".dylib" : ".so");
    }
}

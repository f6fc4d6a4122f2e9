package io.keydb.server.scripting.library;

import io.keydb.server.scripting.lua.LuaError;
import io.keydb.server.scripting.lua.LuaState;
import java.util.HashMap;
import java.util.Map;

/**
 * Tables that no script can change, by any means. Lua has none, so scripts get an empty table in
 * place of each, a <em>proxy</em>, whose metatable sends reads to the table itself and refuses
 * writes:
 *
 * <pre>
 *   script ─► proxy {} ── __index ──► table {call = ..., ...} ── its own metatable, if any
 *                      └─ __newindex ─► error
 * </pre>
 *
 * Functions that would work on the proxy itself ({@code rawset}, {@code next}, {@code getmetatable}
 * ...) are replaced by some that ask here first. Nothing gives out the table behind a proxy or the
 * metatable that makes it one.
 *
 * <p>Threads: as the state it is installed in.
 */
final class ProtectedTables {
    private static final String REFUSAL = "Attempt to modify a readonly table";

    /** What is known of a proxy: where its table and the metatable scripts see are kept. */
    private record Proxy(int table, int metatable) {}

    private static final int NONE = -1;

    private final LuaState lua;
    private final int refuse;

    /** Proxies by their identity; few, and asked for often, so in a table of their own. */
    private long[] identities = new long[64];

    private Proxy[] proxies = new Proxy[64];
    private int count;

    /** The metatable of strings, and where the one that scripts see is kept. */
    private long hidden;

    private int shown = NONE;

    /** Kept proxies by the identity of the table behind them. */
    private final Map<Long, Integer> byTable = new HashMap<>();

    ProtectedTables(LuaState lua) {
        this.lua = lua;
        refuse = lua.register(ProtectedTables::refuse);
    }

    private static int refuse(LuaState unused) {
        throw new LuaError(REFUSAL);
    }

    /** Replaces the table on top by its proxy; tables within it become proxies too. */
    void protect() {
        Integer known = byTable.get(lua.toPointer(-1));
        if (known != null) {
            lua.pop(1);
            lua.pushKept(known);
            return;
        }
        long identity = lua.toPointer(-1);
        lua.newTable(0, 0);
        lua.newTable(0, 2);
        lua.pushValue(-3);
        lua.set(-2, "__index");
        lua.pushFunction(refuse, 0);
        lua.set(-2, "__newindex");
        lua.setMetatable(-2);
        lua.pushValue(-1);
        byTable.put(identity, lua.keep());
        lua.insert(-2); // proxy, table
        protectValues();
        int metatable = visibleMetatable();
        int table = lua.keep();
        add(lua.toPointer(-1), new Proxy(table, metatable));
    }

    private void protectValues() {
        lua.pushNil();
        while (lua.next(-2)) {
            if (lua.isTable(-1)) {
                lua.pushValue(-2);
                lua.insert(-2); // table, key, key, value
                protect();
                lua.set(-4);
            } else {
                lua.pop(1);
            }
        }
    }

    /** Keeps the proxy of a copy of the metatable of the table on top. */
    private int visibleMetatable() {
        if (!lua.metatable(-1)) {
            return NONE;
        }
        protectCopy();
        return lua.keep();
    }

    /** Replaces the table on top by the proxy of a copy; the table itself stays as it is. */
    private void protectCopy() {
        lua.newTable(0, 2);
        lua.pushNil();
        while (lua.next(-3)) {
            lua.pushValue(-2);
            lua.insert(-2);
            lua.set(-4);
        }
        lua.remove(-2);
        protect();
    }

    private void add(long identity, Proxy proxy) {
        count++;
        if (count * 2 > identities.length) {
            long[] oldIdentities = identities;
            Proxy[] oldProxies = proxies;
            identities = new long[oldIdentities.length * 2];
            proxies = new Proxy[identities.length];
            for (int i = 0; i < oldIdentities.length; i++) {
                if (oldIdentities[i] != 0) {
                    put(oldIdentities[i], oldProxies[i]);
                }
            }
        }
        put(identity, proxy);
    }

    private void put(long identity, Proxy proxy) {
        int slot = slot(identity);
        identities[slot] = identity;
        proxies[slot] = proxy;
    }

    /** Where a table is, or would be. */
    private int slot(long identity) {
        int slot = (int) (identity >>> 4) & (identities.length - 1);
        while (identities[slot] != 0 && identities[slot] != identity) {
            slot = (slot + 1) & (identities.length - 1);
        }
        return slot;
    }

    /** Pops a metatable that scripts shall see as a proxy of a copy only. */
    void hide() {
        hidden = lua.toPointer(-1);
        protectCopy();
        shown = lua.keep();
    }

    /** Replaces a metatable on top by what scripts see in its place. */
    void show() {
        if (lua.toPointer(-1) == hidden) {
            lua.pop(1);
            lua.pushKept(shown);
        }
    }

    /** Whether a value on the stack is a proxy. */
    boolean contains(int index) {
        return identities[slot(lua.toPointer(index))] != 0;
    }

    /** Pushes the table behind the proxy at a place. */
    void pushTable(int index) {
        lua.pushKept(proxies[slot(lua.toPointer(index))].table());
    }

    /** Pushes what scripts may see as the metatable of the proxy at a place: a proxy, or nil. */
    void pushMetatable(int index) {
        int metatable = proxies[slot(lua.toPointer(index))].metatable();
        if (metatable == NONE) {
            lua.pushNil();
        } else {
            lua.pushKept(metatable);
        }
    }

    /**
     * Checks that a function may write to the table at a place.
     *
     * @throws LuaError when it is a proxy
     */
    void needWritable(int index) {
        if (contains(index)) {
            lua.pushString(REFUSAL);
            throw LuaError.ON_TOP;
        }
    }
}

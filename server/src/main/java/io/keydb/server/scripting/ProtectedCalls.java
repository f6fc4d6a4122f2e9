package io.keydb.server.scripting;

import io.keydb.server.scripting.lua.LuaLibrary;
import io.keydb.server.scripting.lua.LuaState;

/**
 * How scripts meet errors: {@code pcall} and {@code xpcall}, and the handler that notes where an
 * error has ended a script.
 *
 * <p>{@code pcall} gives the text of an error of the server rather than its table, as scripts have
 * always known it. {@code xpcall} calls its handler when the stack is unwound: code of a script
 * must not run while an error is on its way, because nothing could stop it there.
 *
 * <p>The handler looks past the hook by which Java functions raise errors.
 *
 * <p>Threads: as the state it is installed in.
 */
final class ProtectedCalls implements LuaLibrary {
    /** The global name of the handler. */
    static final String HANDLER = "__redis__err__handler";

    private static final String CODE =
            """
            local pcall, type, rawget, error, select = pcall, type, rawget, error, select
            local getinfo, tostring = debug.getinfo, tostring
            debug = nil

            local function result(ok, ...)
              if ok then
                return ok, ...
              end
              local value = ...
              if type(value) == 'table' then
                local text = rawget(value, 'err')
                if type(text) == 'string' or type(text) == 'number' then
                  return ok, text
                end
                return ok, value, text
              end
              return ok, value
            end

            local function handled(handler, ok, ...)
              if ok then
                return ok, ...
              end
              return false, handler((...))
            end

            local rawpcall = pcall

            function _G.pcall(...)
              if select('#', ...) == 0 then
                return false, 'attempt to call a boolean value'
              end
              return result(rawpcall(...))
            end

            function _G.xpcall(...)
              if select('#', ...) < 2 then
                error("bad argument #2 to 'xpcall' (value expected)", 2)
              end
              local f, handler = ...
              return handled(handler, rawpcall(f))
            end

            function __redis__err__handler(err)
              local level = 2
              local where = getinfo(3, 'S')
              if where and where.source == '=(raise)' then
                level = 4
              end
              where = getinfo(level, 'nSl')
              if where and where.what == 'C' then
                where = getinfo(level + 1, 'nSl')
              end
              if type(err) ~= 'table' then
                err = {err = 'ERR ' .. tostring(err)}
              end
              if where then
                err.source = where.source
                err.line = where.currentline
              end
              return err
            end
            """;

    @Override
    public void install(LuaState lua) {
        lua.openNative("debug");
        lua.run(CODE, "@errors", 0);
    }
}

package io.keydb.server.boot;

import io.keydb.server.command.CommandError;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.rdb.FunctionDump;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.scripting.FunctionPayload;
import java.util.List;

/**
 * Libraries of functions in the form of the RDB.
 *
 * <p>Threads: safe.
 */
final class FunctionPayloads implements FunctionPayload {
    private final Pages pages;

    FunctionPayloads(Pages pages) {
        this.pages = pages;
    }

    @Override
    public byte[] write(List<byte[]> codes) {
        return FunctionDump.write(codes);
    }

    @Override
    public List<byte[]> read(byte[] payload) {
        try {
            return FunctionDump.read(pages, payload);
        } catch (RdbException damaged) {
            throw new CommandError("ERR " + damaged.getMessage());
        }
    }
}

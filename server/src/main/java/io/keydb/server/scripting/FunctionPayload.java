package io.keydb.server.scripting;

import io.keydb.server.command.CommandError;
import java.util.List;

/**
 * Libraries as FUNCTION DUMP gives and FUNCTION RESTORE takes them. Implemented where dumps are.
 *
 * <p>Threads: safe.
 */
public interface FunctionPayload {
    /** The payload of these codes. */
    byte[] write(List<byte[]> codes);

    /**
     * The codes of a payload.
     *
     * @throws CommandError when it is damaged
     */
    List<byte[]> read(byte[] payload);
}

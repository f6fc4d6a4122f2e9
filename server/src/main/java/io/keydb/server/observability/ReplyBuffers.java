package io.keydb.server.observability;

import io.keydb.server.command.Call;
import java.util.Locale;

/**
 * DEBUG REPLYBUFFER: tests of stock switch off that the reply buffers of its clients are resized,
 * or say when their greatest use is forgotten. Here such buffers belong to event loops, and an idle
 * client has none: none is resized, whatever is asked for.
 *
 * <p>Threads: stateless.
 */
final class ReplyBuffers {
    private ReplyBuffers() {}

    /** Checks the request; false when it is none of these. */
    static boolean handles(Call call) {
        if (call.count() != 4) {
            return false;
        }
        return switch (call.text(2).toUpperCase(Locale.ROOT)) {
            case "PEAK-RESET-TIME" -> {
                if (!call.is(3, "NEVER") && !call.is(3, "RESET")) {
                    call.integer(3); // must be one
                }
                yield true;
            }
            case "RESIZING" -> true;
            default -> false;
        };
    }
}

package io.keydb.server.modules;

import io.keydb.module.CommandFailure;
import io.keydb.module.CommandHandler;
import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Handler;
import io.keydb.server.command.Reused;
import io.keydb.server.command.StateForm;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a module's handler as one of ours: what it throws becomes an error reply and a line of the
 * log, and never reaches the thread's loop.
 *
 * <p>Threads: safe.
 */
final class ModuleHandler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleHandler.class);
    private static final Reused<RunningCall> RUNNING = Reused.of(RunningCall::new);

    private final LoadedModule module;
    private final CommandHandler handler;
    private final StateForm form;

    /**
     * @param form how values travel when a handler has failed halfway
     */
    ModuleHandler(LoadedModule module, CommandHandler handler, StateForm form) {
        this.module = module;
        this.handler = handler;
        this.form = form;
    }

    @Override
    public void run(Call call) {
        if (module.isGone()) {
            throw Errors.unknownCommand(call.request()); // it was queued, or found just before
        }
        RunningCall running = call.reused(RUNNING).begin(module, call);
        boolean complete = false;
        try {
            handler.run(running);
            running.requireWholeReply();
            complete = true;
        } catch (CommandError error) {
            throw error;
        } catch (CommandFailure failure) {
            throw new CommandError(line(String.valueOf(failure.getMessage())));
        } catch (Throwable bug) { // of any kind: nothing of a module may end the thread
            LOG.error(
                    "Module {}: command {} failed", module.name(), call.command().fullName(), bug);
            throw new CommandError(
                    "ERR module '" + module.name() + "' failed, see the server's log");
        } finally {
            running.end(complete, form);
        }
    }

    /** An error is one line. */
    private static byte[] line(String text) {
        return text.replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.UTF_8);
    }
}

package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import org.jspecify.annotations.Nullable;

/**
 * Commands that run within another one, as a part of its unit: how scripts call. The outer command
 * holds the locks of all partitions; what the inner ones leave behind reaches the log together, and
 * the outer one leaves nothing itself.
 *
 * <pre>
 *   begin ── run, run, ... ── end
 * </pre>
 *
 * <p>Threads: safe; a call belongs to one thread.
 */
public final class InnerCalls {
    private final Execution execution;
    private final CommandTable table;
    private final Statistics statistics;
    private final Observation observation;

    InnerCalls(
            Execution execution,
            CommandTable table,
            Statistics statistics,
            Observation observation) {
        this.observation = observation;
        this.execution = execution;
        this.table = table;
        this.statistics = statistics;
    }

    /** The command of a request, a subcommand behind its container; null when there is none. */
    public @Nullable Command find(Request request) {
        Command command = table.find(request.address(0), request.length(0));
        if (command != null && command.isContainer() && request.count() > 1) {
            return table.findSubcommand(command, request.address(1), request.length(1));
        }
        return command;
    }

    /** Shows the outer command to those who want to see everything, before what runs within it. */
    public void show(Call call) {
        observation.shown(call.client(), call.request(), call.command());
    }

    /** From now on commands run within this call. */
    public void begin(Call call) {
        call.beginScript();
    }

    /** The outer command takes long: replies to those before it are sent. */
    public void sendAhead(Call call) {
        call.sendAhead();
    }

    /**
     * Runs a command whose checks are done; its failure is a reply, too.
     *
     * @param told whether what it leaves behind goes to the log
     */
    public void run(
            Call call,
            Client client,
            Request request,
            ReplyWriter reply,
            Command command,
            boolean told) {
        long start = reply.length();
        try {
            execution.runInner(call, client, request, reply, command, told);
        } catch (CommandError error) {
            reply.truncate(start);
            statistics.error(error.text());
            reply.error(error.text());
        }
    }

    /** When the last command that {@link #run} has run was over, by the clock of nanoseconds. */
    public long endNanos(Call call) {
        return call.lapStart();
    }

    /** The outer command goes on; whatever happened, this follows {@link #begin}. */
    public void end(Call call) {
        call.endScript();
    }

    /** Counts a command that was refused, or that nobody knows, and the error. */
    public void refused(Call call, @Nullable Command command, byte[] error) {
        statistics.error(error);
        if (command != null) {
            call.statistics().countRejected(command);
        }
    }

    /** Counts an error that the running command replies and nobody has counted yet. */
    public void countError(byte[] error) {
        statistics.error(error);
    }

    /** Counts the running command, which replies an error without throwing it, as failed. */
    public void countFailed(Call call) {
        call.statistics().countFailed(call.command());
    }

    /** Whether a command has the number of arguments it takes. */
    public static boolean acceptsCount(Command command, Request request) {
        return command.acceptsCount(request.count());
    }
}

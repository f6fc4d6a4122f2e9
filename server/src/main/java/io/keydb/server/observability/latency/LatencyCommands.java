package io.keydb.server.observability.latency;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.HelpText;
import io.keydb.server.command.Statistics;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.support.LatencyHistogram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** LATENCY: spikes by what they came from, and the distribution of how long commands take. */
public final class LatencyCommands {
    private final LatencyMonitor monitor;
    private final Supplier<LatencyDoctor.Settings> settings;
    private final Supplier<Measured> measured;
    private final List<Command> all;

    /** The commands and what was counted of them. */
    public record Measured(CommandTable table, Statistics statistics) {}

    /**
     * @param measured asked for when a command runs, as it comes after the commands
     */
    public LatencyCommands(
            LatencyMonitor monitor,
            Supplier<LatencyDoctor.Settings> settings,
            Supplier<Measured> measured) {
        this.monitor = monitor;
        this.settings = settings;
        this.measured = measured;
        this.all =
                List.of(
                        command("LATENCY", SERVER)
                                .since("2.8.13")
                                .arity(-2)
                                .summary("Shows what held up others, and how long commands take.")
                                .complexity("Depends on subcommand.")
                                .subcommands(
                                        doctor(),
                                        graph(),
                                        help(),
                                        histogram(),
                                        history(),
                                        latest(),
                                        reset())
                                .container());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private static Command.Builder asking(String name) {
        return command("LATENCY|" + name, SERVER)
                .since("2.8.13")
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special");
    }

    private Command doctor() {
        return asking("DOCTOR")
                .arity(2)
                .summary("Tells what held up others and what may be done about it.")
                .handledBy(
                        call -> {
                            long second = call.keyspace().clock().millis() / 1000;
                            text(
                                    call,
                                    LatencyDoctor.report(monitor.events(), settings.get(), second));
                        });
    }

    private Command graph() {
        return asking("GRAPH")
                .arity(3)
                .syntax("event")
                .summary("Draws the spikes of an event.")
                .handledBy(
                        call -> {
                            LatencyMonitor.Event event = monitor.event(call.text(2));
                            if (event == null) {
                                throw new CommandError(
                                        "ERR No samples available for event '"
                                                + call.text(2)
                                                + "'");
                            }
                            long second = call.keyspace().clock().millis() / 1000;
                            text(call, LatencyGraph.of(event, second));
                        });
    }

    private static void text(Call call, String text) {
        call.reply().verbatim("txt", text.getBytes(StandardCharsets.UTF_8));
    }

    private Command history() {
        return asking("HISTORY")
                .arity(3)
                .syntax("event")
                .summary("Shows when an event held up others and for how long.")
                .handledBy(
                        call -> {
                            LatencyMonitor.Event event = monitor.event(call.text(2));
                            List<LatencySeries.Spike> spikes =
                                    event == null ? List.of() : event.spikes();
                            call.reply().array(spikes.size());
                            for (LatencySeries.Spike spike : spikes) {
                                call.reply().array(2);
                                call.reply().integer(spike.second());
                                call.reply().integer(spike.millis());
                            }
                        });
    }

    private Command latest() {
        return asking("LATEST")
                .arity(2)
                .summary("Shows the latest spike of each event.")
                .handledBy(
                        call -> {
                            List<LatencyMonitor.Event> events = monitor.events();
                            call.reply().array(events.size());
                            for (LatencyMonitor.Event event : events) {
                                LatencySeries.Spike last = event.spikes().getLast();
                                call.reply().array(4);
                                call.reply().bulk(event.name());
                                call.reply().integer(last.second());
                                call.reply().integer(last.millis());
                                call.reply().integer(event.worst());
                            }
                        });
    }

    private Command reset() {
        return command("LATENCY|RESET", SERVER)
                .since("2.8.13")
                .arity(-2)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("[event [event ...]]")
                .summary("Forgets the spikes of some or all events.")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(
                        call -> {
                            int count = 0;
                            for (int i = 2; i < call.count(); i++) {
                                count += monitor.reset(call.text(i)) ? 1 : 0;
                            }
                            call.reply().integer(call.count() == 2 ? monitor.reset() : count);
                        });
    }

    private Command histogram() {
        return asking("HISTOGRAM")
                .since("7.0.0")
                .arity(-2)
                .syntax("[command [command ...]]")
                .summary("Shows how the durations of commands are distributed.")
                .complexity(
                        "O(N) where N is the number of commands with latency information being"
                                + " retrieved.")
                .handledBy(this::histogram);
    }

    private void histogram(Call call) {
        Measured source = measured.get();
        List<Command> asked = new ArrayList<>();
        if (call.count() == 2) {
            asked.addAll(source.table().all());
        }
        for (int i = 2; i < call.count(); i++) {
            Command command = source.table().find(call.text(i));
            if (command != null) {
                asked.add(command);
                asked.addAll(command.subcommands());
            }
        }
        long mark = call.reply().reserveAggregate();
        long shown = 0;
        for (Command command : asked) {
            LatencyHistogram latency = source.statistics().latency(command);
            if (latency != null) {
                call.reply().bulk(command.fullName());
                distribution(call.reply(), latency);
                shown++;
            }
        }
        call.reply().completeMap(mark, shown);
    }

    private static void distribution(ReplyWriter reply, LatencyHistogram latency) {
        reply.map(2);
        reply.bulk("calls");
        reply.integer(latency.count());
        reply.bulk("histogram_usec");
        List<long[]> steps = new ArrayList<>();
        latency.steps((micros, count) -> steps.add(new long[] {micros, count}));
        reply.map(steps.size());
        for (long[] step : steps) {
            reply.integer(step[0]);
            reply.integer(step[1]);
        }
    }

    private static Command help() {
        return command("LATENCY|HELP", SERVER)
                .since("2.8.13")
                .arity(2)
                .flags(LOADING, STALE)
                .summary("Tells what the subcommands do.")
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "LATENCY",
                                        "DOCTOR",
                                        "    Return a human readable latency analysis report.",
                                        "GRAPH <event>",
                                        "    Return an ASCII latency graph for the <event> class.",
                                        "HISTORY <event>",
                                        "    Return time-latency samples for the <event> class.",
                                        "LATEST",
                                        "    Return the latest latency samples for all events.",
                                        "RESET [<event> ...]",
                                        "    Reset latency data of one or more <event> classes.",
                                        "    (default: reset all data for all event classes)",
                                        "HISTOGRAM [COMMAND ...]",
                                        "    Return a cumulative distribution of latencies in the"
                                                + " format of a histogram for the specified command"
                                                + " names.",
                                        "    If no commands are specified then all histograms are"
                                                + " replied."));
    }
}

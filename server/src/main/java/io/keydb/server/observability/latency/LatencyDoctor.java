package io.keydb.server.observability.latency;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * LATENCY DOCTOR: what held up others, how often and how badly, and what may be done about it.
 *
 * <p>Threads: stateless.
 */
public final class LatencyDoctor {
    private static final String DISABLED =
            "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis"
                    + " instance. You may use \"CONFIG SET latency-monitor-threshold"
                    + " <milliseconds>.\" in order to enable it. If we weren't in a deep space"
                    + " mission I'd suggest to take a look at"
                    + " https://redis.io/topics/latency-monitor.\n";
    private static final String NOTHING =
            "Dave, no latency spike was observed during the lifetime of this Redis instance, not"
                    + " in the slightest bit. I honestly think you ought to sit down calmly, take a"
                    + " stress pill, and think things over.\n";
    private static final String FOUND =
            "Dave, I have observed latency spikes in this Redis instance. You don't mind talking"
                    + " about it, do you Dave?\n\n";
    private static final String NO_ADVICE =
            "\nNothing in what is known of these events tells what would help. The log of the"
                    + " server and the load of the machine at the time may.\n";
    private static final String ADVICE = "\nI have a few advices for you:\n\n";

    private enum Advice {
        SLOW_LOG_OFF(
                "The slow log is off, which would tell the commands that took long. CONFIG SET"
                        + " slowlog-log-slower-than %d turns it on."),
        SLOW_LOG_RARE(
                "The slow log takes only commands that are slower than what is watched here."
                        + " CONFIG SET slowlog-log-slower-than %d makes both equal."),
        SLOW_LOG("SLOWLOG GET shows which commands took so long."),
        SCHEDULER(
                "Commands that only ever take microseconds were slow, so the threads did not get"
                        + " the processor: look for other load on the machine, for limits of the"
                        + " container (CPU throttling), and for a loaded host under a virtual"
                        + " machine. keydb-cli --intrinsic-latency 100 measures it without a"
                        + " server."),
        DISK(
                "Writing to the disk was slow. Local solid-state disks that nothing else writes to"
                        + " help; network volumes rarely do."),
        FSYNC("appendfsync always waits for the disk in every write; everysec does not."),
        HZ("Keys that expire are removed more evenly with CONFIG SET hz 100."),
        LARGE_VALUES(
                "Collections of many elements take long to go through. Smaller ones, SCAN and its"
                        + " kin instead of whole replies, and UNLINK instead of DEL hold up others"
                        + " less."),
        EVICTION(
                "Much was evicted at once: a lowered maxmemory, or a large value that was stored,"
                        + " needs room at once."),
        DEFRAGMENTATION("Lower active-defrag-cycle-max has data moved together in smaller steps.");

        private final String text;

        Advice(String text) {
            this.text = text;
        }
    }

    /**
     * What advice depends on beside the events.
     *
     * @param thresholdMillis {@code latency-monitor-threshold}
     * @param slowLogMicros {@code slowlog-log-slower-than}
     * @param hz rounds of the cron each second
     */
    public record Settings(long thresholdMillis, long slowLogMicros, long hz) {}

    private LatencyDoctor() {}

    static String report(List<LatencyMonitor.Event> events, Settings settings, long nowSecond) {
        if (events.isEmpty()) {
            return settings.thresholdMillis() == 0 ? DISABLED : NOTHING;
        }
        StringBuilder report = new StringBuilder(FOUND);
        Set<Advice> advice = EnumSet.noneOf(Advice.class);
        for (int i = 0; i < events.size(); i++) {
            report.append(i + 1).append(". ").append(line(events.get(i), nowSecond)).append('\n');
            advice.addAll(adviceOn(events.get(i).name(), settings));
        }
        if (advice.isEmpty()) {
            return report.append(NO_ADVICE).toString();
        }
        report.append(ADVICE);
        for (Advice each : advice) {
            String text = String.format(Locale.ROOT, each.text, settings.thresholdMillis() * 1000);
            report.append("- ").append(text).append('\n');
        }
        return report.toString();
    }

    private static String line(LatencyMonitor.Event event, long nowSecond) {
        List<LatencySeries.Spike> spikes = event.spikes();
        long sum = 0;
        for (LatencySeries.Spike spike : spikes) {
            sum += spike.millis();
        }
        long average = sum / spikes.size();
        long deviations = 0;
        for (LatencySeries.Spike spike : spikes) {
            deviations += Math.abs(average - spike.millis());
        }
        long period = Math.max(1, nowSecond - spikes.getFirst().second());
        return String.format(
                Locale.ROOT,
                "%s: %d latency spikes (average %dms, mean deviation %dms, period %.2f sec). Worst"
                        + " all time event %dms.",
                event.name(),
                spikes.size(),
                average,
                deviations / spikes.size(),
                (double) period / spikes.size(),
                event.worst());
    }

    private static List<Advice> adviceOn(String event, Settings settings) {
        return switch (event) {
            case "command" -> onCommands(settings);
            case "fast-command" -> List.of(Advice.SCHEDULER);
            case "expire-cycle" ->
                    settings.hz() < 100
                            ? List.of(Advice.HZ, Advice.LARGE_VALUES)
                            : List.of(Advice.LARGE_VALUES);
            case "expire-del", "eviction-del" -> List.of(Advice.LARGE_VALUES);
            case "eviction-cycle", "eviction-lazyfree" -> List.of(Advice.EVICTION);
            case "active-defrag-cycle" -> List.of(Advice.DEFRAGMENTATION);
            case "aof-fsync-always" -> List.of(Advice.DISK, Advice.FSYNC);
            default ->
                    event.startsWith("aof-") || event.startsWith("rdb-")
                            ? List.of(Advice.DISK)
                            : List.of();
        };
    }

    private static List<Advice> onCommands(Settings settings) {
        List<Advice> advice = new ArrayList<>();
        if (settings.slowLogMicros() < 0) {
            advice.add(Advice.SLOW_LOG_OFF);
        } else if (settings.slowLogMicros() / 1000 > settings.thresholdMillis()) {
            advice.add(Advice.SLOW_LOG_RARE);
        }
        advice.add(Advice.SLOW_LOG);
        advice.add(Advice.LARGE_VALUES);
        return advice;
    }
}

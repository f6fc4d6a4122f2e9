package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.counter;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;

/**
 * INFO cpu: processor time of the process.
 *
 * <p>Threads: safe, because stateless.
 */
public final class CpuSection implements ReportSection {
    static final Statistic SYSTEM =
            counter(
                    "used_cpu_sys",
                    "redis_cpu_sys_seconds_total",
                    "Seconds of processor time the process has used in the kernel.");
    static final Statistic USER =
            counter(
                    "used_cpu_user",
                    "redis_cpu_user_seconds_total",
                    "Seconds of processor time the process has used outside the kernel.");

    static final Statistic LOOPS_SYSTEM =
            counter(
                    "used_cpu_sys_main_thread",
                    "redis_cpu_sys_main_thread_seconds_total",
                    "Seconds of processor time the event loops have used in the kernel.");
    static final Statistic LOOPS_USER =
            counter(
                    "used_cpu_user_main_thread",
                    "redis_cpu_user_main_thread_seconds_total",
                    "Seconds of processor time the event loops have used outside the kernel.");

    private static final String LOOPS = "keydb-io";

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void report(Report report) {
        ProcessFacts.CpuTime time = ProcessFacts.cpuTime();
        report.fraction(SYSTEM, time.system());
        report.fraction(USER, time.user());
        ProcessFacts.CpuTime loops = ProcessFacts.cpuTimeOfThreads(LOOPS);
        report.fraction(LOOPS_SYSTEM, loops.system());
        report.fraction(LOOPS_USER, loops.user());
    }
}

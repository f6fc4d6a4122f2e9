package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerBinaries;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a server takes from the start of its process to the first answered PING, and what memory
 * it then has resident.
 *
 * @param title which server and how started
 * @param readyMillis median over the starts
 * @param residentMegabytes median, a moment after it got ready, without data
 *     <p>Threads: immutable.
 */
record StartUp(String title, double readyMillis, double residentMegabytes) {

    private static final int SETTLE_MILLIS = 500;
    private static final double MEGABYTE = 1 << 20;

    /** Measures all ways of starting that are possible here. */
    static List<StartUp> all(int starts) throws IOException, InterruptedException {
        List<StartUp> measured = new ArrayList<>();
        measured.add(of("stock " + ServerBinaries.STOCK_VERSION, ServerLaunch.stock(), starts));
        measured.add(of("ours", ServerLaunch.ours(), starts));
        if (ServerLaunch.oursCached().isPossible()) {
            measured.add(of("ours with the start-up cache", ServerLaunch.oursCached(), starts));
        }
        return measured;
    }

    private static StartUp of(String title, ServerLaunch launch, int starts)
            throws IOException, InterruptedException {
        List<double[]> runs = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            try (ServerProcess server = launch.start()) {
                Thread.sleep(SETTLE_MILLIS);
                runs.add(
                        new double[] {
                            server.readyAfter().toNanos() / 1e6,
                            server.usage().residentBytes() / MEGABYTE
                        });
            }
        }
        return new StartUp(
                title,
                Measurement.median(runs, run -> run[0]),
                Measurement.median(runs, run -> run[1]));
    }
}

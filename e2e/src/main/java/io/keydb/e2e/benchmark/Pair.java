package io.keydb.e2e.benchmark;

/**
 * One round: both servers measured one right after the other, so that what else the machine does
 * weighs on both alike. Threads: immutable.
 */
record Pair(Measurement stock, Measurement ours) {

    double throughputRatio() {
        return ours.requestsPerSecond() / stock.requestsPerSecond();
    }

    double cpuRatio() {
        return ours.cpuMicros() / stock.cpuMicros();
    }
}

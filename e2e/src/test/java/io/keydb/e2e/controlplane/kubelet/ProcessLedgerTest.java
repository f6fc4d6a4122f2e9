package io.keydb.e2e.controlplane.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes end with the ledger, willing or not. */
class ProcessLedgerTest {

    private static ProcessBuilder sleeping() {
        return new ProcessBuilder("sleep", "600");
    }

    @Test
    void closingStopsAllProcesses() throws IOException {
        Process first;
        Process second;
        try (ProcessLedger ledger = new ProcessLedger()) {
            first = ledger.start(sleeping());
            second = ledger.start(sleeping());
            assertThat(ledger.size()).isEqualTo(2);
        }
        assertThat(first.isAlive()).isFalse();
        assertThat(second.isAlive()).isFalse();
    }

    @Test
    void aProcessThatIgnoresSigtermIsKilled() throws IOException {
        Process stubborn;
        try (ProcessLedger ledger = new ProcessLedger()) {
            stubborn =
                    ledger.start(
                            new ProcessBuilder(
                                    "/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"));
            ledger.stopAll(Duration.ofMillis(200));
            assertThat(ledger.size()).isZero();
        }
        assertThat(stubborn.isAlive()).isFalse();
    }

    @Test
    void aProcessThatEndsIsForgotten() throws Exception {
        try (ProcessLedger ledger = new ProcessLedger()) {
            Process brief = ledger.start(new ProcessBuilder("true"));
            assertThat(brief.waitFor(30, TimeUnit.SECONDS)).isTrue();
            brief.onExit().get(30, TimeUnit.SECONDS);
            Process stays = ledger.start(sleeping());
            ledger.stopAll(Duration.ofSeconds(5));
            assertThat(stays.isAlive()).isFalse();
            assertThat(ledger.size()).isZero();
        }
    }

    @Test
    void nothingIsStartedOnceItIsClosed() throws IOException {
        ProcessLedger ledger = new ProcessLedger();
        ledger.close();
        assertThatThrownBy(() -> ledger.start(sleeping())).isInstanceOf(IOException.class);
    }
}

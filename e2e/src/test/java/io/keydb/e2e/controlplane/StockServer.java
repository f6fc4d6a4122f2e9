package io.keydb.e2e.controlplane;

import io.keydb.e2e.controlplane.kubelet.ServerRuntime;
import io.keydb.e2e.process.ServerBinaries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The stock server in the place of ours: the control plane is tested without waiting for a server
 * of this build.
 */
final class StockServer implements ServerRuntime {

    private final Path program;

    private StockServer(Path program) {
        this.program = program;
    }

    /** The installed stock server; without one the test is skipped. */
    static StockServer installed() {
        var found = ServerBinaries.onPath("redis-server");
        Assumptions.assumeTrue(
                found.isPresent(), "redis-server is not installed (Debian package redis-server)");
        return new StockServer(found.orElseThrow());
    }

    @Override
    public List<String> command(List<String> arguments, String address, Path hostsFile) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--bind", address));
        return command;
    }
}

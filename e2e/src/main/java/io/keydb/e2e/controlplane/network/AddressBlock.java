package io.keydb.e2e.controlplane.network;

import io.keydb.e2e.controlplane.api.ServiceAddresses;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The loopback addresses of one local cluster: {@code 127.n.0.0/16}, held against other clusters on
 * the machine.
 *
 * <pre>
 *   127.n.0.1             API server and operator
 *   127.n.1.1 …           pods, each address used once
 *   127.n.128.1 …         services
 * </pre>
 *
 * <p>The block is held by a listening socket on {@code 127.n.0.1}, which the system releases when
 * the process ends, however it ends.
 *
 * <p>Threads: safe, pod addresses come from an atomic counter; service addresses are guarded by
 * this object.
 */
public final class AddressBlock implements ServiceAddresses, AutoCloseable {

    private static final Logger LOG = System.getLogger(AddressBlock.class.getName());
    private static final int FIRST = 77;
    private static final int LAST = 250;
    private static final int CLAIM_PORT = 6442;
    private static final int SERVER_PORT = 6379;

    /** Where the API server listens, on the control plane's address. */
    public static final int API_PORT = 6443;

    /** Where servers and the operator answer probes. */
    public static final int MANAGEMENT_PORT = 8080;

    private static final int PER_SEGMENT = 250;

    private final int number;
    private final ServerSocket claim;
    private final AtomicInteger pods = new AtomicInteger();
    private final Set<String> services = new HashSet<>();
    private int nextService;

    private AddressBlock(int number, ServerSocket claim) {
        this.number = number;
        this.claim = claim;
    }

    /** The first block nobody holds. */
    public static AddressBlock claim() throws IOException {
        @Nullable IOException last = null;
        for (int number = FIRST; number <= LAST; number++) {
            String address = "127." + number + ".0.1";
            try {
                checkFree(address, API_PORT);
                checkFree(address, MANAGEMENT_PORT);
                return new AddressBlock(
                        number, new ServerSocket(CLAIM_PORT, 1, InetAddress.getByName(address)));
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException(
                "no free loopback block: 127."
                        + FIRST
                        + ".0.1 to 127."
                        + LAST
                        + ".0.1 cannot be used. Linux has all of 127.0.0.0/8 on the loopback interface; other systems"
                        + " need these addresses added to it",
                last);
    }

    /** The second number of the addresses; tells clusters on one machine apart. */
    public int number() {
        return number;
    }

    /** Where the control plane itself listens. */
    public String controlPlane() {
        return address(0, 1);
    }

    /** An address no pod had before, and on which nobody else runs a server. */
    public String nextPod() {
        while (true) {
            int index = pods.getAndIncrement();
            String candidate = address(1 + index / PER_SEGMENT, 1 + index % PER_SEGMENT);
            try {
                checkFree(candidate, SERVER_PORT);
                checkFree(candidate, MANAGEMENT_PORT);
                return candidate;
            } catch (IOException e) {
                LOG.log(Level.DEBUG, () -> candidate + " is left out: " + e.getMessage());
            }
        }
    }

    private static void checkFree(String address, int port) throws IOException {
        new ServerSocket(port, 1, InetAddress.getByName(address)).close();
    }

    private String address(int segment, int host) {
        return "127." + number + "." + segment + "." + host;
    }

    @Override
    public synchronized String allocate() {
        String candidate;
        do {
            candidate = address(128 + nextService / PER_SEGMENT, 1 + nextService % PER_SEGMENT);
            nextService++;
        } while (!services.add(candidate));
        return candidate;
    }

    @Override
    public synchronized boolean claim(String address) {
        String prefix = "127." + number + ".";
        if (!address.startsWith(prefix)) {
            return false;
        }
        String[] rest = address.substring(prefix.length()).split("\\.");
        return rest.length == 2 && Integer.parseInt(rest[0]) >= 128 && services.add(address);
    }

    @Override
    public synchronized void release(String address) {
        services.remove(address);
    }

    @Override
    public void close() throws IOException {
        claim.close();
    }
}

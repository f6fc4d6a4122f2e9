package io.keydb.e2e.controlplane.kubelet;

import java.nio.file.Path;
import java.util.List;

/**
 * What stands behind the server's image: how its entry point becomes a command of this machine.
 *
 * <p>Threads: safe.
 */
public interface ServerRuntime {

    /**
     * The command line of a container.
     *
     * @param arguments the arguments of the image's entry point, with paths already rewritten
     * @param address the pod's address
     * @param hostsFile the cluster's names
     */
    List<String> command(List<String> arguments, String address, Path hostsFile);
}

package io.keydb.e2e.controlplane.api;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the logs of pods are; implemented by the kubelet.
 *
 * <p>Threads: safe.
 */
public interface PodLogs {

    /** No pod has a log. */
    PodLogs NONE = (_, _) -> Optional.empty();

    /** The log file of a pod, if it has one. */
    Optional<Path> file(String namespace, String pod);
}

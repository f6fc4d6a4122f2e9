package io.keydb.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.LinkState;
import io.keydb.operator.database.Quiet;
import io.keydb.operator.database.Report;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One member as it is now.
 *
 * @param report what it last answered, unless that is long ago
 * @param silence why it did not answer the last question
 * @param quiet whether clients have left it, when it is being taken out of service
 *     <p>Threads: immutable, as long as nobody changes the fabric8 objects inside.
 */
public record Member(
        int ordinal,
        String name,
        Optional<StatefulSet> workload,
        Optional<Pod> pod,
        Optional<Report> report,
        Optional<String> silence,
        Optional<Quiet> quiet) {

    /** Whether anything of the member is there. */
    public boolean exists() {
        return workload.isPresent() || pod.isPresent();
    }

    /** Whether Kubernetes counts the pod as ready and nobody has asked it to end. */
    public boolean isReady() {
        return pod.isPresent() && !isTerminating() && readyCondition().isPresent();
    }

    /** Since when the pod is ready. */
    public Optional<Instant> readySince() {
        return readyCondition().map(PodCondition::getLastTransitionTime).map(Instant::parse);
    }

    private Optional<PodCondition> readyCondition() {
        return conditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .filter(condition -> condition.getStatus().equals("True"))
                .findFirst();
    }

    /** Since when the pod is not ready; empty while it is ready, or when there is none. */
    public Optional<Instant> unreadySince() {
        return conditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .filter(condition -> !condition.getStatus().equals("True"))
                .map(PodCondition::getLastTransitionTime)
                .map(Instant::parse)
                .findFirst();
    }

    private List<PodCondition> conditions() {
        return pod.map(Pod::getStatus).map(status -> status.getConditions()).orElse(List.of());
    }

    /** Whether the pod has been asked to end. */
    public boolean isTerminating() {
        return pod.map(found -> found.getMetadata().getDeletionTimestamp()).isPresent();
    }

    /** Whether the label says that clients come here. */
    public boolean isServing() {
        return hasTrue(Labels.SERVING);
    }

    /** Whether the label says that writes come here. */
    public boolean isWriting() {
        return hasTrue(Labels.WRITE);
    }

    private boolean hasTrue(String label) {
        return pod.map(found -> found.getMetadata().getLabels())
                .map(labels -> Labels.TRUE.equals(labels.get(label)))
                .orElse(false);
    }

    /** Whether clients can reach the member through a service. */
    public boolean isInService() {
        return isReady() && isServing();
    }

    /**
     * Whether the member has been in service before, and so may hold data that nobody else holds.
     * The label of a pod is given when it begins to serve, and afterwards only changes its value;
     * the StatefulSet remembers for the pods to come.
     */
    public boolean hasJoined() {
        return annotation(workload, Labels.JOINED).filter(Labels.TRUE::equals).isPresent()
                || pod.map(found -> found.getMetadata().getLabels())
                        .map(labels -> labels.containsKey(Labels.SERVING))
                        .orElse(false);
    }

    /** The hash of the template the StatefulSet has. */
    public Optional<String> templateHash() {
        return annotation(workload, Labels.TEMPLATE_HASH);
    }

    /** Whether the pod was made from the template that the StatefulSet has now. */
    public boolean runsTemplateOfWorkload() {
        return templateHash().isPresent()
                && templateHash().equals(annotation(pod, Labels.TEMPLATE_HASH));
    }

    private static Optional<String> annotation(
            Optional<? extends HasMetadata> object, String name) {
        return object.map(found -> found.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(name));
    }

    /** Where the operator reaches the server, once the pod has an address. */
    public Optional<Endpoint> address() {
        return pod.map(Pod::getStatus)
                .map(status -> status.getPodIP())
                .filter(ip -> !ip.isEmpty())
                .map(ip -> new Endpoint(ip, Names.PORT));
    }

    /** The unique id of the pod. */
    public Optional<String> podUid() {
        return pod.map(found -> found.getMetadata().getUid());
    }

    /** The state of the link over which this member receives the writes of {@code peer}. */
    public Optional<LinkState> linkFrom(Endpoint peer) {
        return report.flatMap(answer -> answer.replication().linkFrom(peer));
    }

    /** How often the server was started again in the same pod. */
    public int restarts() {
        return containers().stream().mapToInt(ContainerStatus::getRestartCount).sum();
    }

    /** Why the server does not start, when it is not a matter of waiting. */
    public Optional<String> failure() {
        return containers().stream()
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getWaiting() != null)
                .map(state -> state.getWaiting().getReason())
                .filter(reason -> reason != null && reason.matches(".*(BackOff|Err.*|Invalid.*)"))
                .findFirst();
    }

    private List<ContainerStatus> containers() {
        return pod.map(Pod::getStatus)
                .map(status -> status.getContainerStatuses())
                .orElse(List.of());
    }
}

package io.keydb.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Database;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.plan.Finding;
import io.keydb.operator.plan.Plan;
import io.keydb.operator.plan.Reason;
import io.keydb.operator.plan.Step;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import io.keydb.operator.resources.Owner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes the steps of one plan after the other.
 *
 * <p>Objects are applied server-side, by one field manager and with force: what the operator sets
 * is the operator's, what others add stays. Before an object is made for the first time, it is
 * looked up: one that somebody else made is not touched. Pods are patched with a test of their
 * unique id, so a label never lands on a pod that took the place of the one that was meant.
 *
 * <p>Threads: safe.
 */
public final class Execution {
    /** The owner of the fields that the operator sets. */
    public static final String FIELD_MANAGER = "keydb-operator";

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private final KubernetesClient client;
    private final Database database;
    private final MemberWatch<Names> watch;
    private final EventRecorder events;

    public Execution(
            KubernetesClient client,
            Database database,
            MemberWatch<Names> watch,
            EventRecorder events) {
        this.client = client;
        this.database = database;
        this.watch = watch;
        this.events = events;
    }

    /** Takes all steps, and says which ones failed. */
    public List<Finding> execute(Observation observation, Plan plan) {
        var failures = new ArrayList<Finding>();
        for (var step : plan.steps()) {
            try {
                take(observation, step);
                LOG.atLevel(level(step))
                        .log("{}: {}: {}", observation.names(), step.why().reason(), text(step));
                events.record(observation.keydb(), step.why());
            } catch (NameTaken e) {
                failures.add(new Finding(Reason.NAME_TAKEN, String.valueOf(e.getMessage())));
            } catch (KubernetesClientException e) {
                failures.add(failure(step, e));
            } catch (IOException e) {
                var message = text(step) + ": " + e.getMessage();
                failures.add(new Finding(Reason.STEP_FAILED, message));
            }
        }
        failures.forEach(
                failure ->
                        LOG.info(
                                "{}: {}: {}",
                                observation.names(),
                                failure.reason(),
                                failure.message()));
        return failures;
    }

    private static Level level(Step step) {
        return step.why().reason().weight() == Reason.Weight.SILENT ? Level.DEBUG : Level.INFO;
    }

    private static String text(Step step) {
        return step.why().message();
    }

    /**
     * What the API server will refuse again is a problem of the resource; everything else is tried
     * again.
     */
    private static Finding failure(Step step, KubernetesClientException e) {
        var status = e.getStatus();
        var detail = status != null ? status.getMessage() : e.getMessage();
        var isRefused = e.getCode() == 400 || e.getCode() == 403 || e.getCode() == 422;
        var reason = isRefused ? Reason.REFUSED : Reason.STEP_FAILED;
        return new Finding(reason, text(step) + ": " + detail);
    }

    private void take(Observation observation, Step step) throws IOException {
        var credentials = observation.credentials();
        switch (step) {
            case Step.Apply(var object, var isNew, var why) ->
                    apply(observation.keydb(), object, isNew);
            case Step.Delete(var object, var why) ->
                    client.resource(object).lockResourceVersion().delete();
            case Step.Route route -> route(route);
            case Step.Link(var member, var peer, var why) -> {
                database.link(address(member), credentials, peer);
                watch.askNow(observation.names());
            }
            case Step.Unlink(var member, var peer, var why) ->
                    database.unlink(address(member), credentials, peer);
            case Step.Disconnect(var member, var why) -> {
                watch.disconnectClients(observation.names(), member.podUid().orElseThrow());
                watch.askNow(observation.names());
            }
            case Step.ChangePassword(var member, var why) ->
                    database.changePassword(address(member), credentials);
        }
    }

    private static Endpoint address(Member member) throws IOException {
        return member.address().orElseThrow(() -> new IOException("its pod has no address"));
    }

    private void apply(KeyDB keydb, HasMetadata object, boolean isNew) {
        if (isNew) {
            var existing = client.resource(object).get();
            if (existing != null && !isOurs(keydb, existing)) {
                var name = object.getKind() + " " + object.getMetadata().getName();
                throw new NameTaken(name + " exists and was not made for this KeyDB");
            }
        }
        client.resource(object).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    }

    /** Volumes of a deleted resource of the same name have no owner, but its label. */
    private static boolean isOurs(KeyDB keydb, HasMetadata existing) {
        if (existing instanceof PersistentVolumeClaim) {
            var labels = existing.getMetadata().getLabels();
            var cluster = labels == null ? null : labels.get(Labels.CLUSTER);
            return keydb.getMetadata().getName().equals(cluster);
        }
        return Owner.owns(keydb, existing);
    }

    private void route(Step.Route route) {
        var metadata = route.pod().getMetadata();
        var patch =
                List.of(
                        Map.of("op", "test", "path", "/metadata/uid", "value", metadata.getUid()),
                        label(Labels.SERVING, route.serving()),
                        label(Labels.WRITE, route.write()));
        client.pods()
                .inNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .patch(
                        PatchContext.of(PatchType.JSON),
                        client.getKubernetesSerialization().asJson(patch));
    }

    private static Map<String, String> label(String name, boolean isTrue) {
        return Map.of(
                "op",
                "add",
                "path",
                "/metadata/labels/" + name.replace("/", "~1"),
                "value",
                isTrue ? Labels.TRUE : Labels.FALSE);
    }
}

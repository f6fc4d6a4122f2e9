package io.keydb.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.crd.v1alpha1.KeyDBStatus;
import io.keydb.operator.apply.EventRecorder;
import io.keydb.operator.apply.Execution;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.observe.Cache;
import io.keydb.operator.observe.World;
import io.keydb.operator.plan.Planner;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import io.keydb.operator.status.StatusReport;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Brings deployments to what their resources ask for: observe, plan, execute, report.
 *
 * <p>It never waits: what takes time is a plan that says when to look again. It is woken by changes
 * of the resource, of the objects made for it and of its pods, and by members that answer
 * differently than before. It needs no finalizer: Kubernetes deletes what has the resource as its
 * owner.
 *
 * <p>Threads: safe; the framework reconciles one resource at a time on one thread.
 */
@ControllerConfiguration(
        name = "keydb",
        retry = CappedRetry.class,
        fieldManager = Execution.FIELD_MANAGER,
        maxReconciliationInterval =
                @MaxReconciliationInterval(interval = 60, timeUnit = TimeUnit.SECONDS))
public final class KeyDBReconciler implements Reconciler<KeyDB> {
    private final World world;
    private final Planner planner;
    private final Execution execution;
    private final EventRecorder events;
    private final MemberWatch<Names> watch;
    private final Clock clock;

    public KeyDBReconciler(
            World world,
            Planner planner,
            Execution execution,
            EventRecorder events,
            MemberWatch<Names> watch,
            Clock clock) {
        this.world = world;
        this.planner = planner;
        this.execution = execution;
        this.events = events;
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, KeyDB>> prepareEventSources(EventSourceContext<KeyDB> context) {
        return List.of(
                informer(Pod.class, context),
                informer(StatefulSet.class, context),
                informer(Service.class, context),
                informer(ConfigMap.class, context),
                informer(Secret.class, context),
                informer(PersistentVolumeClaim.class, context),
                new MemberEvents(watch));
    }

    private static <T extends HasMetadata> EventSource<?, KeyDB> informer(
            Class<T> kind, EventSourceContext<KeyDB> context) {
        var configuration =
                InformerEventSourceConfiguration.from(kind, KeyDB.class)
                        .withLabelSelector(Labels.CLUSTER)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(KeyDBReconciler::resourceOf)
                        .build();
        return new InformerEventSource<>(configuration, context);
    }

    private static Set<ResourceID> resourceOf(HasMetadata object) {
        var name = object.getMetadata().getLabels().get(Labels.CLUSTER);
        return Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<KeyDB> reconcile(KeyDB keydb, Context<KeyDB> context) {
        if (keydb.isMarkedForDeletion()) {
            return UpdateControl.noUpdate();
        }
        var observation = world.observe(keydb, new InformerCache(context));
        var plan = planner.plan(observation, clock.instant());
        var failures = execution.execute(observation, plan);
        StatusReport.newProblems(keydb, plan, failures)
                .forEach(problem -> events.record(keydb, problem));
        var status = StatusReport.of(observation, plan, failures, clock.instant());
        var control =
                status.equals(keydb.getStatus())
                        ? UpdateControl.<KeyDB>noUpdate()
                        : UpdateControl.patchStatus(withStatus(keydb, status));
        return control.rescheduleAfter(plan.recheck());
    }

    @Override
    public ErrorStatusUpdateControl<KeyDB> updateErrorStatus(
            KeyDB keydb, Context<KeyDB> context, Exception e) {
        var message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        var status = StatusReport.ofError(keydb, message, clock.instant());
        return status.equals(keydb.getStatus())
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(withStatus(keydb, status));
    }

    /** Only what is to be written: a server-side apply owns every field that is sent. */
    private static KeyDB withStatus(KeyDB keydb, KeyDBStatus status) {
        var patch = new KeyDB();
        patch.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(keydb.getMetadata().getNamespace())
                        .withName(keydb.getMetadata().getName())
                        .build());
        patch.setStatus(status);
        return patch;
    }

    /** The framework's caches. */
    private record InformerCache(Context<KeyDB> context) implements Cache {
        @Override
        public <T extends HasMetadata> Collection<T> all(Class<T> kind) {
            return context.getSecondaryResources(kind);
        }
    }
}

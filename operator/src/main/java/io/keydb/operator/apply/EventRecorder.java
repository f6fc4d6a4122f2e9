package io.keydb.operator.apply;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.plan.Finding;
import io.keydb.operator.plan.Reason;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events, the history that {@code kubectl describe} shows.
 *
 * <p>Equal events are one object with a count. Events are written behind the reconciliation's back
 * by one thread; when more than {@link #QUEUE} wait, the API server is in trouble, and events are
 * the first thing to do without.
 *
 * <p>Threads: safe.
 */
public final class EventRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int QUEUE = 256;
    private static final int MAX_MESSAGE = 1000;

    private final KubernetesClient client;
    private final Clock clock;
    private final ThreadPoolExecutor writer;

    public EventRecorder(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.writer =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(QUEUE),
                        Thread.ofPlatform().daemon().name("event-recorder").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Writes an event about a resource, unless the finding is one that is not worth it. */
    public void record(KeyDB keydb, Finding finding) {
        if (finding.reason().weight() != Reason.Weight.SILENT) {
            writer.execute(() -> write(event(keydb, finding)));
        }
    }

    private Event event(KeyDB keydb, Finding finding) {
        var metadata = keydb.getMetadata();
        var hash = Objects.hash(metadata.getUid(), finding.reason().toString(), finding.message());
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var message = finding.message();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName() + "." + Integer.toHexString(hash))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(keydb.getApiVersion())
                .withKind(keydb.getKind())
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(finding.reason().weight() == Reason.Weight.WARNING ? "Warning" : "Normal")
                .withReason(finding.reason().toString())
                .withMessage(message.substring(0, Math.min(message.length(), MAX_MESSAGE)))
                .withNewSource()
                .withComponent(Execution.FIELD_MANAGER)
                .endSource()
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }

    private void write(Event event) {
        var events = client.v1().events().inNamespace(event.getMetadata().getNamespace());
        try {
            var before = events.withName(event.getMetadata().getName()).get();
            if (before == null) {
                client.resource(event).create();
            } else {
                var again = new EventBuilder(before);
                again.withCount(Objects.requireNonNullElse(before.getCount(), 1) + 1);
                again.withLastTimestamp(event.getLastTimestamp());
                client.resource(again.build()).update();
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                LOG.debug("event not written: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        writer.shutdown();
    }
}

package io.keydb.operator.reconcile;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.database.Report;
import io.keydb.operator.resources.Names;
import java.util.Set;

/**
 * Wakes the reconciler when a member answers differently than before, and ends the watch when a
 * resource is deleted.
 *
 * <p>Threads: safe.
 */
final class MemberEvents extends AbstractEventSource<Report, KeyDB>
        implements ResourceEventAware<KeyDB> {
    private final MemberWatch<Names> watch;

    MemberEvents(MemberWatch<Names> watch) {
        super(Report.class, "members");
        this.watch = watch;
        watch.onChange(this::changed);
    }

    private void changed(Names names) {
        if (isRunning()) {
            var resource = new ResourceID(names.cluster(), names.namespace());
            getEventHandler().handleEvent(new Event(resource));
        }
    }

    @Override
    public void onResourceDeleted(KeyDB keydb) {
        watch.forget(Names.of(keydb));
    }

    /** The answers reach the reconciler through the watch, not through the framework. */
    @Override
    public Set<Report> getSecondaryResources(KeyDB keydb) {
        return Set.of();
    }
}

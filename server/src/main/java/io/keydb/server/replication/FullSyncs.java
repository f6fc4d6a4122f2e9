package io.keydb.server.replication;

import io.keydb.server.command.Condition;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.net.OutboundLink;
import io.keydb.server.persistence.KeyDelay;
import io.keydb.server.persistence.PersistenceDirectives;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a replica receives all data of its primary. One that has data of its own keeps and serves
 * them until all has come, through a temporary file, so that a primary that fails meanwhile takes
 * nothing from it; one that has none loads what comes as it comes, and so does one that cannot
 * write a file.
 *
 * <p>Threads: on the link's event loop; {@link SpooledReceiver.Progress} on the thread that loads.
 */
final class FullSyncs {
    private static final Logger LOG = LoggerFactory.getLogger(FullSyncs.class);

    private final PlainContext context;
    private final Keyspace keyspace;
    private final Upstream upstream;

    /** Is told, on the event loop of the link, that a snapshot beside the data has ended. */
    interface Ending {
        /**
         * @param failure why it could not be loaded; null when it is
         */
        void ended(OutboundLink link, SyncReceiver receiver, @Nullable String failure);
    }

    FullSyncs(PlainContext context, Upstream upstream) {
        this.context = context;
        this.keyspace = context.keyspace();
        this.upstream = upstream;
    }

    /** Begins to receive what the line has announced. */
    SyncReceiver begin(SyncFraming framing, OutboundLink link, Ending ending) {
        if (!isEmpty()) {
            try {
                SpooledStream file = SpooledStream.in(context.directory());
                LOG.info(
                        "MASTER <-> REPLICA sync: receiving {} from primary {} to disk",
                        framing.text(),
                        upstream);
                return spooled(framing, link, ending, file);
            } catch (IOException unwritable) {
                LOG.warn(
                        "The data of the primary cannot be kept in a file, so they replace those of"
                                + " this replica as they come: {}",
                        unwritable.toString());
            }
        }
        LOG.info(
                "MASTER <-> REPLICA sync: receiving {} from primary {} to parser",
                framing.text(),
                upstream);
        replaceData();
        return new StraightReceiver(framing, keyspace, context.functions());
    }

    private SyncReceiver spooled(
            SyncFraming framing, OutboundLink link, Ending ending, SpooledStream file) {
        Loading loading = new Loading(link, ending);
        SpooledReceiver receiver =
                new SpooledReceiver(
                        framing,
                        keyspace,
                        context.functions(),
                        new KeyDelay(
                                keyspace.clock(),
                                context.settings()
                                        .configuration()
                                        .setting(PersistenceDirectives.KEY_LOAD_DELAY),
                                () -> false),
                        loading);
        loading.receiver = receiver;
        receiver.start(file);
        return receiver;
    }

    private final class Loading implements SpooledReceiver.Progress {
        private final OutboundLink link;
        private final Ending ending;
        private @Nullable SpooledReceiver receiver;

        private Loading(OutboundLink link, Ending ending) {
            this.link = link;
            this.ending = ending;
        }

        @Override
        public void roomAgain() {
            link.reading(true);
        }

        @Override
        public void loading() {
            replaceData();
        }

        @Override
        public void ended(@Nullable String failure) {
            SpooledReceiver loaded = receiver;
            if (loaded != null) {
                link.eventLoop()
                        .execute(
                                () -> {
                                    loaded.over();
                                    ending.ended(link, loaded, failure);
                                });
            }
        }
    }

    private boolean isEmpty() {
        for (int i = 0; i < keyspace.databases(); i++) {
            if (keyspace.database(i).size() > 0) {
                return false;
            }
        }
        return true;
    }

    /** The data are going to be others: nobody sees them, and nobody can continue them. */
    private void replaceData() {
        context.conditions().raise(Condition.LOADING);
        context.replicas().disconnectPlain();
        LOG.info("MASTER <-> REPLICA sync: Flushing old data");
        clear();
        LOG.info("MASTER <-> REPLICA sync: Loading DB in memory");
    }

    private void clear() {
        keyspace.lock(keyspace.allPartitions());
        try {
            keyspace.allChanging();
            for (int i = 0; i < keyspace.databases(); i++) {
                keyspace.clear(i);
            }
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    /**
     * A sync is over, one way or the other.
     *
     * @return whether the data are what the history says
     */
    boolean ended(SyncReceiver receiver) {
        boolean isPart = receiver.isLoading() && !receiver.isComplete();
        if (isPart) {
            LOG.warn(
                    "Internal error in RDB reading: the sync ended early, what was loaded is"
                            + " dropped");
            clear();
        }
        context.conditions().clear(Condition.LOADING);
        return !isPart;
    }
}

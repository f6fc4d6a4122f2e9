package io.keydb.server.replication;

import io.keydb.server.log.HybridClock;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.OrderedLog.RemoteUnit;
import io.keydb.server.log.Origin;
import io.keydb.server.log.Origins;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.aof.AofForm;
import io.keydb.server.persistence.aof.AofScanner.FormatException;
import io.keydb.server.persistence.aof.AofUnit;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only file of an active node: its own units and those of others in the order in which
 * they were applied, each with its origin, number and stamp. A node that comes back applies them as
 * if they came from peers, so it has the same states, tombstones and vector as before, and peers
 * send it what it missed, and nothing else.
 *
 * <p>What a merge has brought, and functions, are in no unit: they need a new base. Until that is
 * there, a start leaves units of other nodes out that lack their predecessors; their nodes send
 * them again.
 *
 * <p>Threads: safe; what it makes is confined to one thread.
 */
final class ActiveAofForm implements AofForm {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveAofForm.class);

    private final UnitApplier.Shared shared;
    private final HybridClock clock;

    ActiveAofForm(UnitApplier.Shared shared, HybridClock clock) {
        this.shared = shared;
        this.clock = clock;
    }

    @Override
    public Entries entries() {
        return new UnitEntries(shared.log().origins());
    }

    @Override
    public Units units() {
        return new AppliedUnits();
    }

    private static final class UnitEntries implements Entries {
        private final Origins origins;
        private byte[] @Nullable [] names = {};
        private boolean needsBase;

        private UnitEntries(Origins origins) {
            this.origins = origins;
        }

        @Override
        public void restart() {}

        @Override
        public void write(LogReader entry, OffHeapBuffer to) {
            if (entry.isMerge() || entry.isUntold()) {
                needsBase = true;
            } else if (entry.isUnit()) {
                AofUnit.write(
                        to,
                        name(entry.origin()),
                        entry.number(),
                        entry.stamp(),
                        entry.database(),
                        entry.peerAddress(),
                        entry.peerLength());
            }
        }

        private byte[] name(int origin) {
            if (origin >= names.length) {
                names = Arrays.copyOf(names, origin + 8);
            }
            byte[] known = names[origin];
            if (known == null) {
                known = origins.origin(origin).toString().getBytes(StandardCharsets.US_ASCII);
                names[origin] = known;
            }
            return known;
        }

        @Override
        public boolean needBase() {
            boolean needed = needsBase;
            needsBase = false;
            return needed;
        }

        @Override
        public void close() {}
    }

    private final class AppliedUnits implements Units {
        private final UnitApplier applier = new UnitApplier(shared, true);
        private final Map<String, Integer> origins = new HashMap<>();
        private boolean hasGap;

        @Override
        public boolean take(Request request) throws FormatException {
            if (!AofUnit.is(request)) {
                return false;
            }
            AofUnit unit = AofUnit.of(request);
            int origin = origin(unit.origin());
            clock.observe(unit.stamp());
            try {
                UnitApplier.Outcome outcome =
                        applier.apply(
                                new RemoteUnit(origin, unit.number(), unit.stamp()),
                                unit.database(),
                                unit.address(),
                                unit.length());
                if (outcome == UnitApplier.Outcome.GAP && !hasGap) {
                    hasGap = true;
                    LOG.warn(
                            "The append-only file has unit {} of {}, but not the one before; that"
                                    + " node will send them again",
                            unit.number(),
                            unit.origin());
                }
            } catch (PeerProtocolException malformed) {
                throw new FormatException(malformed.reason());
            }
            return true;
        }

        private int origin(String text) throws FormatException {
            Integer known = origins.get(text);
            if (known == null) {
                Optional<Origin> named = NodeKnowledge.origin(text);
                if (named.isEmpty()) {
                    throw new FormatException("a unit with a malformed origin");
                }
                known = shared.log().origins().number(named.get());
                origins.put(text, known);
            }
            return known;
        }

        @Override
        public void close() {
            applier.close();
        }
    }
}

package io.keydb.server.boot;

import io.keydb.server.command.Command;
import io.keydb.server.command.bitmap.BitCommands;
import io.keydb.server.command.bitmap.BitFieldCommands;
import io.keydb.server.command.bitmap.BitOperationCommands;
import io.keydb.server.command.cron.CronCommands;
import io.keydb.server.command.generic.ExpiryCommands;
import io.keydb.server.command.generic.KeyCommands;
import io.keydb.server.command.generic.KeyspaceCommands;
import io.keydb.server.command.generic.MemberExpiryCommands;
import io.keydb.server.command.generic.ObjectCommands;
import io.keydb.server.command.generic.SortCommands;
import io.keydb.server.command.geo.GeoCommands;
import io.keydb.server.command.geo.GeoSearchCommands;
import io.keydb.server.command.hash.FieldCounterCommands;
import io.keydb.server.command.hash.FieldExpiryCommands;
import io.keydb.server.command.hash.FieldRenameCommands;
import io.keydb.server.command.hash.FieldWalkCommands;
import io.keydb.server.command.hash.HashCommands;
import io.keydb.server.command.hash.NestedHashCommands;
import io.keydb.server.command.hyperloglog.HyperLogLogCommands;
import io.keydb.server.command.hyperloglog.HyperLogLogTestCommands;
import io.keydb.server.command.list.BlockingListCommands;
import io.keydb.server.command.list.EndCommands;
import io.keydb.server.command.list.MoveCommands;
import io.keydb.server.command.list.PlaceCommands;
import io.keydb.server.command.list.PositionCommands;
import io.keydb.server.command.set.CombinedSetCommands;
import io.keydb.server.command.set.RandomMemberCommands;
import io.keydb.server.command.set.SetCommands;
import io.keydb.server.command.sortedset.CombinationCommands;
import io.keydb.server.command.sortedset.PopCommands;
import io.keydb.server.command.sortedset.RangeCommands;
import io.keydb.server.command.sortedset.RemovalCommands;
import io.keydb.server.command.sortedset.SampleCommands;
import io.keydb.server.command.sortedset.SortedSetCommands;
import io.keydb.server.command.stream.StreamCommands;
import io.keydb.server.command.stream.StreamGroupCommands;
import io.keydb.server.command.stream.StreamInfoCommands;
import io.keydb.server.command.stream.StreamPendingCommands;
import io.keydb.server.command.stream.StreamReadCommands;
import io.keydb.server.command.string.CounterCommands;
import io.keydb.server.command.string.PartCommands;
import io.keydb.server.command.string.StringCommands;
import io.keydb.server.command.string.SubsequenceCommands;
import io.keydb.server.command.transaction.TransactionCommands;
import io.keydb.server.observability.art.LolwutCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The commands of a server: the families that need nothing but the call, and those made for this
 * server by the subsystems.
 *
 * <p>Threads: immutable.
 */
final class CommandFamilies {
    private static final List<List<Command>> FAMILIES =
            List.of(
                    StringCommands.ALL,
                    CounterCommands.ALL,
                    PartCommands.ALL,
                    SubsequenceCommands.ALL,
                    BitCommands.ALL,
                    BitOperationCommands.ALL,
                    BitFieldCommands.ALL,
                    GeoCommands.ALL,
                    GeoSearchCommands.ALL,
                    SortedSetCommands.ALL,
                    RangeCommands.ALL,
                    RemovalCommands.ALL,
                    PopCommands.ALL,
                    CombinationCommands.ALL,
                    SampleCommands.ALL,
                    SetCommands.ALL,
                    RandomMemberCommands.ALL,
                    CombinedSetCommands.ALL,
                    HyperLogLogCommands.ALL,
                    HyperLogLogTestCommands.ALL,
                    HashCommands.ALL,
                    FieldCounterCommands.ALL,
                    FieldWalkCommands.ALL,
                    FieldExpiryCommands.ALL,
                    FieldRenameCommands.ALL,
                    NestedHashCommands.ALL,
                    KeyCommands.ALL,
                    ExpiryCommands.ALL,
                    MemberExpiryCommands.ALL,
                    KeyspaceCommands.ALL,
                    ObjectCommands.ALL,
                    EndCommands.ALL,
                    PlaceCommands.ALL,
                    PositionCommands.ALL,
                    MoveCommands.ALL,
                    BlockingListCommands.ALL,
                    SortCommands.ALL,
                    StreamCommands.ALL,
                    StreamReadCommands.ALL,
                    StreamGroupCommands.ALL,
                    StreamPendingCommands.ALL,
                    StreamInfoCommands.ALL,
                    CronCommands.ALL,
                    LolwutCommand.ALL,
                    TransactionCommands.ALL);

    private CommandFamilies() {}

    /** The families and these. */
    @SafeVarargs
    static List<Command> with(Collection<Command>... ofSubsystems) {
        List<Command> all = new ArrayList<>();
        FAMILIES.forEach(all::addAll);
        for (Collection<Command> commands : ofSubsystems) {
            all.addAll(commands);
        }
        return all;
    }
}

package io.keydb.server.command.generic;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.unknown;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.KeySpec;
import java.util.List;

/**
 * SORT and SORT_RO: the elements of a list, a set or a sorted set in another order, or what lies at
 * keys named after them. {@link Sorting} does it.
 *
 * <p>Keys that come from a pattern are not known before the elements are read, so all partitions
 * are locked then.
 */
public final class SortCommands {
    private static final String COST =
            "O(N+M*log(M)) where N is the number of elements and M the number of replied ones;"
                    + " O(N) when they are not sorted.";
    private static final String SHARED_SYNTAX =
            "key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]]"
                    + " [ASC | DESC] [ALPHA]";

    private static final KeySpec PATTERNS =
            unknown(request -> -1, RO, ACCESS)
                    .notes(
                            "For the optional BY/GET keyword. It is marked 'unknown' because the"
                                    + " key names derive from the content of the key we sort");

    static final Command SORT =
            command("SORT", GENERIC)
                    .arity(-2)
                    .flags(WRITE, DENYOOM)
                    .outsideGroupCategory()
                    .categories(
                            AclCategory.SET,
                            AclCategory.SORTEDSET,
                            AclCategory.LIST,
                            AclCategory.DANGEROUS)
                    .keys(
                            at(1, RO, ACCESS),
                            PATTERNS,
                            unknown(SortOptions::storeArgument, OW, UPDATE)
                                    .notes(
                                            "For the optional STORE keyword. It is marked"
                                                    + " 'unknown' because the keyword can appear"
                                                    + " anywhere in the argument array"))
                    .lockingBy(SortOptions::locking)
                    .syntax(SHARED_SYNTAX + " [STORE destination]")
                    .summary("Sorts the elements of a list, a set or a sorted set.")
                    .complexity(COST)
                    .handledBy(call -> sort(call, true));

    static final Command SORT_RO =
            command("SORT_RO", GENERIC)
                    .since("7.0.0")
                    .arity(-2)
                    .flags(READONLY)
                    .outsideGroupCategory()
                    .categories(
                            AclCategory.SET,
                            AclCategory.SORTEDSET,
                            AclCategory.LIST,
                            AclCategory.DANGEROUS)
                    .keys(at(1, RO, ACCESS), PATTERNS)
                    .lockingBy(SortOptions::locking)
                    .syntax(SHARED_SYNTAX)
                    .summary("Sorts the elements of a list, a set or a sorted set, without STORE.")
                    .complexity(COST)
                    .handledBy(call -> sort(call, false));

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(SORT, SORT_RO);

    private SortCommands() {}

    private static void sort(Call call, boolean mayStore) {
        SortOptions options = SortOptions.of(call, mayStore);
        try (Sorting sorting = new Sorting(call, options)) {
            sorting.run();
        }
    }
}

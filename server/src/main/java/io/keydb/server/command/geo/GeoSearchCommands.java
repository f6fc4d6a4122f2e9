package io.keydb.server.command.geo;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GEO;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.keyword;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Locking;
import io.keydb.server.command.geo.GeoSearch.Variant;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import java.util.List;

/** Places within a circle or a box, shown or stored. */
public final class GeoSearchCommands {
    private static final String COST =
            "O(N+log(M)) where N is the number of places in the cells around the area and M the"
                    + " number of those within.";
    private static final String UPPERCASE = "Added support for uppercase unit names.";
    private static final String AREA =
            " <FROMMEMBER member | FROMLONLAT longitude latitude>"
                    + " <BYRADIUS radius <M | KM | FT | MI>"
                    + " | BYBOX width height <M | KM | FT | MI>>"
                    + " [ASC | DESC] [COUNT count [ANY]]";
    private static final String SHOWN =
            " [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]";
    private static final String STORED = " [STORE key] [STOREDIST key]";

    static final Command GEOSEARCH =
            command("GEOSEARCH", GEO)
                    .since("6.2.0")
                    .arity(-7)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key" + AREA + " [WITHCOORD] [WITHDIST] [WITHHASH]")
                    .summary("Shows the places within a circle or a box.")
                    .complexity(COST)
                    .changed("7.0.0", UPPERCASE)
                    .handledBy(call -> search(call, 1, Variant.SEARCH, false));

    static final Command GEOSEARCHSTORE =
            command("GEOSEARCHSTORE", GEO)
                    .since("6.2.0")
                    .arity(-8)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), at(2, RO, ACCESS))
                    .syntax("destination source" + AREA + " [STOREDIST]")
                    .summary("Stores the places within a circle or a box.")
                    .complexity(COST)
                    .changed("7.0.0", UPPERCASE)
                    .handledBy(call -> search(call, 2, Variant.SEARCH_STORE, true));

    static final Command GEORADIUS =
            command("GEORADIUS", GEO)
                    .since("3.2.0")
                    .arity(-6)
                    .flags(WRITE, DENYOOM)
                    .keys(
                            at(1, RO, ACCESS),
                            keyword("STORE", 6, OW, UPDATE),
                            keyword("STOREDIST", 6, OW, UPDATE))
                    .lockingBy(request -> locking(request, 6))
                    .syntax("key longitude latitude radius <M | KM | FT | MI>" + SHOWN + STORED)
                    .summary("Shows or stores the places within a circle around a position.")
                    .complexity(COST)
                    .changed("6.2.0", "Added the `ANY` option for `COUNT`.")
                    .changed("7.0.0", UPPERCASE)
                    .deprecated(
                            "6.2.0",
                            "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument")
                    .handledBy(call -> search(call, 1, Variant.RADIUS, true));

    static final Command GEORADIUS_RO =
            command("GEORADIUS_RO", GEO)
                    .since("3.2.10")
                    .arity(-6)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key longitude latitude radius <M | KM | FT | MI>" + SHOWN)
                    .summary("Shows the places within a circle around a position.")
                    .complexity(COST)
                    .changed("6.2.0", "Added the `ANY` option for `COUNT`.")
                    .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument")
                    .handledBy(call -> search(call, 1, Variant.RADIUS, false));

    static final Command GEORADIUSBYMEMBER =
            command("GEORADIUSBYMEMBER", GEO)
                    .since("3.2.0")
                    .arity(-5)
                    .flags(WRITE, DENYOOM)
                    .keys(
                            at(1, RO, ACCESS),
                            keyword("STORE", 5, OW, UPDATE),
                            keyword("STOREDIST", 5, OW, UPDATE))
                    .lockingBy(request -> locking(request, 5))
                    .syntax("key member radius <M | KM | FT | MI>" + SHOWN + STORED)
                    .summary("Shows or stores the places within a circle around one of them.")
                    .complexity(COST)
                    .changed("7.0.0", UPPERCASE)
                    .deprecated(
                            "6.2.0",
                            "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER`"
                                    + " arguments")
                    .handledBy(call -> search(call, 1, Variant.RADIUS_BY_MEMBER, true));

    static final Command GEORADIUSBYMEMBER_RO =
            command("GEORADIUSBYMEMBER_RO", GEO)
                    .since("3.2.10")
                    .arity(-5)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member radius <M | KM | FT | MI>" + SHOWN)
                    .summary("Shows the places within a circle around one of them.")
                    .complexity(COST)
                    .deprecated(
                            "6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments")
                    .handledBy(call -> search(call, 1, Variant.RADIUS_BY_MEMBER, false));

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(
                    GEOSEARCH,
                    GEOSEARCHSTORE,
                    GEORADIUS,
                    GEORADIUS_RO,
                    GEORADIUSBYMEMBER,
                    GEORADIUSBYMEMBER_RO);

    private GeoSearchCommands() {}

    /** The last of several keys to store under counts, but only the first is found as a key. */
    private static Locking locking(Request request, int firstOption) {
        int keywords = 0;
        for (int i = firstOption; i < request.count(); i++) {
            if (Call.is(request, i, "STORE") || Call.is(request, i, "STOREDIST")) {
                keywords++;
            }
        }
        return keywords > 1 ? Locking.ALL : Locking.KEYS;
    }

    private static void search(Call call, int source, Variant variant, boolean mayStore) {
        long record = call.find(source, Record.SORTED_SET);
        GeoSearch search = new GeoSearch(call, record, variant, mayStore);
        if (search.storeArgument() > 0) {
            store(call, record, search);
        } else if (record == 0) {
            call.reply().array(0);
        } else {
            show(call, record, search);
        }
    }

    private static void show(Call call, long record, GeoSearch search) {
        GeoMatches matches = search.run();
        int wanted = search.wanted(matches);
        int options =
                (search.isWithDistance() ? 1 : 0)
                        + (search.isWithHash() ? 1 : 0)
                        + (search.isWithCoordinates() ? 1 : 0);
        call.reply().array(wanted);
        SortedSetCursor cursor = new SortedSetCursor();
        for (int i = 0; i < wanted; i++) {
            cursor.at(record, matches.position(i));
            if (options > 0) {
                call.reply().array(options + 1L);
            }
            call.bulk(cursor.member());
            if (search.isWithDistance()) {
                GeoText.distance(call, matches.distance(i) / search.unit());
            }
            if (search.isWithHash()) {
                call.reply().integer(GeoCell.whole(cursor.score()));
            }
            if (search.isWithCoordinates()) {
                GeoCell cell = GeoCell.ofScore(cursor.score());
                call.reply().array(2);
                GeoText.coordinate(call, cell.longitude());
                GeoText.coordinate(call, cell.latitude());
            }
        }
    }

    private static void store(Call call, long record, GeoSearch search) {
        Key destination = call.key(search.storeArgument());
        long stored = 0;
        if (record != 0) {
            stored = store(call, record, search, destination);
        }
        if (stored == 0 && call.database().delete(destination)) {
            call.touched(destination);
            call.event(EventClass.GENERIC, "del", destination);
        }
        call.reply().integer(stored);
    }

    /** Stores what was found, if anything; gives how many. */
    private static long store(Call call, long record, GeoSearch search, Key destination) {
        GeoMatches matches = search.run();
        int wanted = search.wanted(matches);
        if (wanted == 0) {
            return 0;
        }
        try (Draft draft = new Draft(call.database(), destination)) {
            SortedSetCursor cursor = new SortedSetCursor();
            for (int i = 0; i < wanted; i++) {
                cursor.at(record, matches.position(i));
                double score =
                        search.isStoringDistance()
                                ? matches.distance(i) / search.unit()
                                : cursor.score();
                SortedSet.insert(draft, cursor.member(), score);
            }
            draft.publish();
        }
        call.touched(destination, wanted);
        boolean isSearch = call.command() == GEOSEARCHSTORE;
        call.event(
                EventClass.SORTED_SET, isSearch ? "geosearchstore" : "georadiusstore", destination);
        return wanted;
    }
}

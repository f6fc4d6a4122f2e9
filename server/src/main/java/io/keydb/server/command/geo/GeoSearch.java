package io.keydb.server.command.geo;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.value.sortedset.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a search for places, of GEOSEARCH as well as of GEORADIUS and its relatives.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class GeoSearch {
    /** Which of the commands it is. */
    enum Variant {
        RADIUS,
        RADIUS_BY_MEMBER,
        SEARCH,
        SEARCH_STORE
    }

    private static final CommandError RADIUS = new CommandError("ERR need numeric radius");
    private static final CommandError NEGATIVE_RADIUS =
            new CommandError("ERR radius cannot be negative");
    private static final CommandError WIDTH = new CommandError("ERR need numeric width");
    private static final CommandError HEIGHT = new CommandError("ERR need numeric height");
    private static final CommandError NEGATIVE_BOX =
            new CommandError("ERR height or width cannot be negative");
    private static final CommandError NO_MEMBER =
            new CommandError("ERR could not decode requested zset member");
    private static final CommandError COUNT = new CommandError("ERR COUNT must be > 0");
    private static final CommandError ANY_WITHOUT_COUNT =
            new CommandError("ERR the ANY argument requires COUNT argument");

    private enum Order {
        NONE,
        ASCENDING,
        DESCENDING
    }

    private final Call call;
    private final long record;
    private final Variant variant;
    private final boolean mayStore;
    private final GeoArea area = new GeoArea();
    private Order order = Order.NONE;
    private boolean withDistance;
    private boolean withHash;
    private boolean withCoordinates;
    private boolean any;
    private boolean fromMember;
    private boolean fromPosition;
    private boolean byRadius;
    private boolean byBox;
    private boolean storesDistance;
    private int storeArgument;
    private long count;

    /**
     * Reads all arguments.
     *
     * @param record the set, or 0
     */
    GeoSearch(Call call, long record, Variant variant, boolean mayStore) {
        this.call = call;
        this.record = record;
        this.variant = variant;
        this.mayStore = mayStore;
        int option =
                switch (variant) {
                    case RADIUS -> {
                        around(2);
                        radius(4);
                        yield 6;
                    }
                    case RADIUS_BY_MEMBER -> {
                        if (record != 0) {
                            aroundMember(2);
                            radius(3);
                        }
                        yield 5;
                    }
                    case SEARCH -> 2;
                    case SEARCH_STORE -> 3;
                };
        storeArgument = variant == Variant.SEARCH_STORE ? 1 : 0;
        while (option < call.count()) {
            option += 1 + parametersOf(option);
        }
        check();
    }

    private boolean isSearch() {
        return variant == Variant.SEARCH || variant == Variant.SEARCH_STORE;
    }

    /** Reads one option; gives how many arguments belong to it. */
    private int parametersOf(int i) {
        int left = call.count() - i - 1;
        if (call.is(i, "WITHDIST")) {
            withDistance = true;
        } else if (call.is(i, "WITHHASH")) {
            withHash = true;
        } else if (call.is(i, "WITHCOORD")) {
            withCoordinates = true;
        } else if (call.is(i, "ANY")) {
            any = true;
        } else if (call.is(i, "ASC")) {
            order = Order.ASCENDING;
        } else if (call.is(i, "DESC")) {
            order = Order.DESCENDING;
        } else if (call.is(i, "COUNT") && left >= 1) {
            count = call.integer(i + 1);
            if (count <= 0) {
                throw COUNT;
            }
            return 1;
        } else {
            return isSearch() ? parametersOfSearch(i, left) : parametersOfStore(i, left);
        }
        return 0;
    }

    private int parametersOfStore(int i, int left) {
        boolean distance = call.is(i, "STOREDIST");
        if (!mayStore || left < 1 || (!distance && !call.is(i, "STORE"))) {
            throw Errors.SYNTAX;
        }
        storeArgument = i + 1;
        storesDistance = distance;
        return 1;
    }

    private int parametersOfSearch(int i, int left) {
        if (variant == Variant.SEARCH_STORE && call.is(i, "STOREDIST")) {
            storesDistance = true;
            return 0;
        }
        if (call.is(i, "FROMMEMBER") && left >= 1 && !fromPosition) {
            fromMember = true;
            if (record != 0) {
                aroundMember(i + 1);
            }
            return 1;
        }
        if (call.is(i, "FROMLONLAT") && left >= 2 && !fromMember) {
            fromPosition = true;
            around(i + 1);
            return 2;
        }
        if (call.is(i, "BYRADIUS") && left >= 2 && !byBox) {
            byRadius = true;
            radius(i + 1);
            return 2;
        }
        if (call.is(i, "BYBOX") && left >= 3 && !byRadius) {
            byBox = true;
            box(i + 1);
            return 3;
        }
        throw Errors.SYNTAX;
    }

    private void around(int argument) {
        GeoArguments.checkPosition(call, argument);
        area.around(
                GeoArguments.number(call, argument, Errors.NOT_A_FLOAT),
                GeoArguments.number(call, argument + 1, Errors.NOT_A_FLOAT));
    }

    private void aroundMember(int argument) {
        long place =
                SortedSet.find(
                        record, call.request().address(argument), call.request().length(argument));
        if (place == 0) {
            throw NO_MEMBER;
        }
        GeoCell cell = GeoCell.ofScore(SortedSet.score(record, place));
        area.around(cell.longitude(), cell.latitude());
    }

    private void radius(int argument) {
        double radius = GeoArguments.number(call, argument, RADIUS);
        if (radius < 0) {
            throw NEGATIVE_RADIUS;
        }
        area.circle(radius, GeoArguments.unit(call, argument + 1));
    }

    private void box(int argument) {
        double width = GeoArguments.number(call, argument, WIDTH);
        double height = GeoArguments.number(call, argument + 1, HEIGHT);
        if (height < 0 || width < 0) {
            throw NEGATIVE_BOX;
        }
        area.box(width, height, GeoArguments.unit(call, argument + 2));
    }

    private void check() {
        if (storeArgument > 0 && (withDistance || withHash || withCoordinates)) {
            throw new CommandError(
                    "ERR "
                            + (isSearch() ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS")
                            + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
        }
        if (isSearch() && !fromMember && !fromPosition) {
            throw missing("exactly one of FROMMEMBER or FROMLONLAT can be specified for ");
        }
        if (isSearch() && !byRadius && !byBox) {
            throw missing("exactly one of BYRADIUS and BYBOX can be specified for ");
        }
        if (any && count == 0) {
            throw ANY_WITHOUT_COUNT;
        }
    }

    private CommandError missing(String what) {
        return new CommandError("ERR " + what + call.text(0));
    }

    /** Finds the places, in the order asked for. */
    GeoMatches run() {
        @Nullable GeoCell[] cells = area.cells();
        call.expectWork(GeoMatches.work(record, cells));
        GeoMatches matches = new GeoMatches(record, area, cells, any ? count : 0);
        if (order != Order.NONE || (count > 0 && !any)) {
            matches.sort(order == Order.DESCENDING);
        }
        return matches;
    }

    /** How many of the matches are wanted. */
    int wanted(GeoMatches matches) {
        return count == 0 ? matches.count() : (int) Math.min(count, matches.count());
    }

    double unit() {
        return area.unit();
    }

    boolean isWithDistance() {
        return withDistance;
    }

    boolean isWithHash() {
        return withHash;
    }

    boolean isWithCoordinates() {
        return withCoordinates;
    }

    /** The argument with the key to store under; 0 when there is none. */
    int storeArgument() {
        return storeArgument;
    }

    boolean isStoringDistance() {
        return storesDistance;
    }
}

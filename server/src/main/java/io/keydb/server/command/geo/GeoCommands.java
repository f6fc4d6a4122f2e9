package io.keydb.server.command.geo;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GEO;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Reused;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.sortedset.ScoreUpdate;
import io.keydb.server.value.sortedset.SortedSet;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Adding places, and asking where they are and how far apart. */
public final class GeoCommands {
    private static final Reused<ScoreUpdate> SCORE_UPDATE = Reused.of(ScoreUpdate::new);
    private static final byte[] ALPHABET =
            "0123456789bcdefghjkmnpqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final int GEOHASH_LENGTH = 11;

    /** The latitudes of geohashes as the world knows them end at the poles. */
    private static final double POLE = 90;

    static final Command GEOADD =
            command("GEOADD", GEO)
                    .since("3.2.0")
                    .arity(-5)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, UPDATE))
                    .syntax(
                            "key [NX | XX] [CH] longitude latitude member"
                                    + " [longitude latitude member ...]")
                    .summary("Adds places to a sorted set, or moves them.")
                    .complexity("O(log(N)) for each place, where N is the size of the set.")
                    .changed("6.2.0", "Added the `CH`, `NX` and `XX` options.")
                    .handledBy(GeoCommands::geoadd);

    static final Command GEOPOS =
            command("GEOPOS", GEO)
                    .since("3.2.0")
                    .arity(-2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [member [member ...]]")
                    .summary("Tells longitude and latitude of places.")
                    .complexity("O(1) for each place.")
                    .handledBy(GeoCommands::geopos);

    static final Command GEODIST =
            command("GEODIST", GEO)
                    .since("3.2.0")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member1 member2 [M | KM | FT | MI]")
                    .summary("Tells the distance of two places.")
                    .handledBy(GeoCommands::geodist);

    static final Command GEOHASH =
            command("GEOHASH", GEO)
                    .since("3.2.0")
                    .arity(-2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [member [member ...]]")
                    .summary("Tells the geohashes of places.")
                    .complexity("O(1) for each place.")
                    .handledBy(GeoCommands::geohash);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(GEOADD, GEOPOS, GEODIST, GEOHASH);

    private GeoCommands() {}

    private static void geoadd(Call call) {
        ScoreUpdate update = call.reused(SCORE_UPDATE).clear();
        boolean changed = false;
        int first = 2;
        for (; first < call.count(); first++) {
            if (call.is(first, "NX")) {
                update.onlyNew();
            } else if (call.is(first, "XX")) {
                update.onlyPresent();
            } else if (call.is(first, "CH")) {
                changed = true;
            } else {
                break;
            }
        }
        int arguments = call.count() - first;
        if (arguments % 3 != 0 || arguments == 0 || update.contradictsPresence()) {
            throw Errors.SYNTAX;
        }
        for (int i = first; i < call.count(); i += 3) {
            GeoArguments.checkPosition(call, i);
        }
        add(call, first, update, changed);
    }

    private static void add(Call call, int first, ScoreUpdate update, boolean changed) {
        Entry set = call.entry(1, Record.SORTED_SET);
        long added = 0;
        long updated = 0;
        for (int i = first; i < call.count(); i += 3) {
            double longitude = GeoArguments.number(call, i, Errors.NOT_A_FLOAT);
            double latitude = GeoArguments.number(call, i + 1, Errors.NOT_A_FLOAT);
            long score = GeoCell.of(longitude, latitude, GeoCell.FINEST).firstScore();
            long address = call.request().address(i + 2);
            int length = call.request().length(i + 2);
            switch (update.apply(set, address, length, score)) {
                case ADDED -> added++;
                case UPDATED -> updated++;
                default -> {}
            }
        }
        if (added + updated > 0) {
            call.touched(set.key(), added + updated);
            call.event(EventClass.SORTED_SET, "zadd", set.key());
        }
        call.reply().integer(changed ? added + updated : added);
    }

    private static long find(Call call, long record, int member) {
        return SortedSet.find(
                record, call.request().address(member), call.request().length(member));
    }

    private static void geopos(Call call) {
        long record = call.find(1, Record.SORTED_SET);
        call.reply().array(call.count() - 2L);
        for (int i = 2; i < call.count(); i++) {
            long place = find(call, record, i);
            if (place == 0) {
                call.reply().nullArray();
            } else {
                GeoCell cell = GeoCell.ofScore(SortedSet.score(record, place));
                call.reply().array(2);
                GeoText.coordinate(call, cell.longitude());
                GeoText.coordinate(call, cell.latitude());
            }
        }
    }

    private static void geodist(Call call) {
        if (call.count() > 5) {
            throw Errors.SYNTAX;
        }
        double unit = call.count() == 5 ? GeoArguments.unit(call, 4) : 1;
        long record = call.find(1, Record.SORTED_SET);
        long first = find(call, record, 2);
        long second = find(call, record, 3);
        if (first == 0 || second == 0) {
            call.reply().nullBulk();
            return;
        }
        GeoCell from = GeoCell.ofScore(SortedSet.score(record, first));
        GeoCell to = GeoCell.ofScore(SortedSet.score(record, second));
        double metres =
                GeoDistance.between(
                        from.longitude(), from.latitude(), to.longitude(), to.latitude());
        GeoText.distance(call, metres / unit);
    }

    private static void geohash(Call call) {
        long record = call.find(1, Record.SORTED_SET);
        call.reply().array(call.count() - 2L);
        for (int i = 2; i < call.count(); i++) {
            long place = find(call, record, i);
            if (place == 0) {
                call.reply().nullBulk();
            } else {
                call.reply().bulk(geohash(SortedSet.score(record, place)));
            }
        }
    }

    /** Ten letters of five bits each; the two bits that are left are not told, but a zero. */
    private static byte[] geohash(double score) {
        GeoCell cell = GeoCell.ofScore(score);
        long bits =
                GeoCell.of(cell.longitude(), cell.latitude(), GeoCell.FINEST, POLE).firstScore();
        byte[] text = new byte[GEOHASH_LENGTH];
        for (int i = 0; i < GEOHASH_LENGTH - 1; i++) {
            text[i] = ALPHABET[(int) (bits >>> (2 * GeoCell.FINEST - (i + 1) * 5)) & 31];
        }
        text[GEOHASH_LENGTH - 1] = ALPHABET[0];
        return text;
    }
}

package io.keydb.server.command.geo;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.memory.FloatText;

/**
 * Arguments that several commands on places have: coordinates and units.
 *
 * <p>Threads: stateless.
 */
final class GeoArguments {
    private static final CommandError UNIT =
            new CommandError("ERR unsupported unit provided. please use M, KM, FT, MI");

    private GeoArguments() {}

    /** Checks that two arguments are a longitude and a latitude that there is. */
    static void checkPosition(Call call, int argument) {
        double longitude = number(call, argument, Errors.NOT_A_FLOAT);
        double latitude = number(call, argument + 1, Errors.NOT_A_FLOAT);
        if (Math.abs(longitude) > GeoCell.MOST_LONGITUDE
                || Math.abs(latitude) > GeoCell.MOST_LATITUDE) {
            throw new CommandError(
                    "ERR invalid longitude,latitude pair "
                            + GeoText.inError(longitude)
                            + ","
                            + GeoText.inError(latitude));
        }
    }

    /** An argument as a number. */
    static double number(Call call, int argument, CommandError otherwise) {
        double value =
                FloatText.parse(call.request().address(argument), call.request().length(argument));
        if (Double.isNaN(value)) {
            throw otherwise;
        }
        return value;
    }

    /** The metres of a unit. */
    static double unit(Call call, int argument) {
        if (call.is(argument, "M")) {
            return 1;
        }
        if (call.is(argument, "KM")) {
            return 1000;
        }
        if (call.is(argument, "FT")) {
            return 0.3048;
        }
        if (call.is(argument, "MI")) {
            return 1609.34;
        }
        throw UNIT;
    }
}

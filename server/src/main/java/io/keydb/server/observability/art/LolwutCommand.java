package io.keydb.server.observability.art;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.support.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** LOLWUT: a picture, and which version is spoken. */
public final class LolwutCommand {
    private static final int MOST = 1000;
    private static final int MOST_SQUARES = 200;
    private static final String SCHOTTER =
            "\nGeorg Nees - schotter, plotter on paper, 1968. Redis ver. ";
    private static final String SKYLINE =
            "\nDedicated to the 8 bit game developers of past and present.\n"
                    + "Original 8 bit image from Plaguemon by hikikomori. Redis ver. ";

    private static final Command LOLWUT =
            command("LOLWUT", SERVER)
                    .since("5.0.0")
                    .arity(-1)
                    .flags(READONLY, FAST)
                    .syntax("[VERSION version]")
                    .summary("Draws a picture and tells the version.")
                    .handledBy(LolwutCommand::lolwut);

    /** All commands of this class. */
    public static final List<Command> ALL = List.of(LOLWUT);

    private LolwutCommand() {}

    /** What follows the version are sizes, which only its picture knows. */
    private static void lolwut(Call call) {
        int version = 0;
        int first = 1;
        if (call.count() >= 3 && call.is(1, "VERSION")) {
            version = (int) call.integer(2);
            first = 3;
        }
        RandomGenerator random = new SplittableRandom(call.keyspace().clock().nanos());
        String text =
                switch (version) {
                    case 5 -> schotter(call, first, random) + SCHOTTER;
                    case 6 -> skyline(call, first, random) + SKYLINE;
                    default -> "Redis ver. ";
                };
        String whole = text + Version.REDIS + "\n";
        call.reply().verbatim("txt", whole.getBytes(StandardCharsets.UTF_8));
    }

    private static String schotter(Call call, int first, RandomGenerator random) {
        int columns = size(call, first, 66, MOST);
        int across = size(call, first + 1, 8, MOST_SQUARES);
        int down = size(call, first + 2, 12, MOST_SQUARES);
        return new Schotter(random, columns, across, down).draw();
    }

    private static String skyline(Call call, int first, RandomGenerator random) {
        int columns = size(call, first, 80, MOST);
        int rows = size(call, first + 1, 20, MOST);
        return new Skyline(random, columns, rows).draw();
    }

    private static int size(Call call, int argument, int otherwise, int most) {
        return argument < call.count() ? Math.clamp(call.integer(argument), 1, most) : otherwise;
    }
}

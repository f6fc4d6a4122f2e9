package io.keydb.server.observability.art;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Gatekeeper;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LolwutCommandTest {
    @Test
    void theVersionIsToldByDefault() {
        try (CommandTester server = server()) {
            assertThat(server.run("LOLWUT")).endsWith("Redis ver. 7.2.4");
            assertThat(server.run("LOLWUT", "VERSION", "5", "x"))
                    .isEqualTo("-ERR value is not an integer or out of range");
        }
    }

    @Test
    void twoRowsOfSquaresAreInOrder() {
        assertThat(new Schotter(new SplittableRandom(1), 10, 1, 1).draw().lines())
                .containsExactly(
                        "⠀⡤⠤⠤⠤⠤⠤⠤⠤⡄", "⠀⡇⠀⠀⠀⠀⠀⠀⠀⡇", "⠀⡇⠀⠀⠀⠀⠀⠀⠀⡇", "⠀⡇⠀⠀⠀⠀⠀⠀⠀⡇", "⠀⠧⠤⠤⠤⠤⠤⠤⠤⠇");
    }

    @Test
    void furtherDownEverySeedDrawsOtherSquares() {
        assertThat(new Schotter(new SplittableRandom(1), 66, 8, 12).draw())
                .isNotEqualTo(new Schotter(new SplittableRandom(2), 66, 8, 12).draw());
    }

    @Test
    void everyPixelOfTheCityHasAColour() {
        for (int size = 1; size < 40; size++) {
            String city = new Skyline(new SplittableRandom(size), size, size).draw();
            assertThat(city.lines()).hasSize(size);
            assertThat(city.split("\033\\[0m", -1)).hasSize(size * size + 1);
        }
    }

    private static CommandTester server() {
        return new CommandTester(
                false, 8, Gatekeeper.open(), LolwutCommand.ALL.toArray(Command[]::new));
    }
}

package io.keydb.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A table at the end of the output: redrawn on a terminal, told by its changes elsewhere. */
class LiveConsoleTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private LiveConsole console(boolean terminal) {
        return new LiveConsole(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    }

    private String output() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void withoutATerminalOnlyChangedLinesArePrinted() {
        LiveConsole console = console(false);
        console.show(List.of("cart  Starting", "  cart-0  Pending"));
        console.show(List.of("cart  Starting", "  cart-0  Pending"));
        console.say("started");
        console.show(List.of("cart  Starting", "  cart-0  Serving"));
        assertThat(output())
                .isEqualTo("cart  Starting\n  cart-0  Pending\nstarted\n  cart-0  Serving\n");
    }

    @Test
    void onATerminalTheTableIsDrawnAnewBelowEachLine() {
        LiveConsole console = console(true);
        console.show(List.of("table"));
        bytes.reset();
        console.say("news");
        assertThat(output()).isEqualTo("\u001b[2A\r\u001b[Jnews\n\u001b[?7l\ntable\n\u001b[?7h");
    }

    @Test
    void anUnchangedTableIsNotDrawnAgain() {
        LiveConsole console = console(true);
        console.show(List.of("table"));
        bytes.reset();
        console.show(List.of("table"));
        assertThat(output()).isEmpty();
    }
}

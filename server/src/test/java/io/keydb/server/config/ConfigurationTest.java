package io.keydb.server.config;

import static io.keydb.server.config.Directive.directive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.Configuration.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Values are taken in the order of their lines, changed all or none, and refused as stock does. */
class ConfigurationTest {
    private enum Level {
        LOW,
        VERY_HIGH
    }

    private static final Directive<Long> PORT =
            directive("port").integer(6379, 0, 65535).mutable().doc("Port.");
    private static final Directive<Boolean> ACTIVE =
            directive("active").toggle(false).doc("Active.");
    private static final Directive<Long> LIMIT =
            directive("limit").memory(100).alias("old-limit").mutable().doc("Limit.");
    private static final Directive<Long> BUFFER =
            directive("buffer").memory(1024, 1024, 4096).mutable().doc("Buffer.");
    private static final Directive<Level> LEVEL =
            directive("level").choice(Level.LOW).mutable().doc("Level.");
    private static final Directive<List<String>> BIND =
            directive("bind").words(2, "*", "-::*").mutable().doc("Bind.");
    private static final Directive<String> SECRET =
            directive("secret")
                    .text("")
                    .sensitive()
                    .checked(
                            text -> {
                                if (text.equals("123")) {
                                    throw new InvalidValue("too simple");
                                }
                                return text.strip();
                            })
                    .doc("Secret.");

    /** Lines that add up within one configuration. */
    private static final Directive<List<String>> WHO =
            directive("who").form(new Who(), List.of()).fileOnly().doc("Who.");

    /** Words of which the last comes first. */
    private record Who() implements DirectiveType<List<String>> {
        @Override
        public List<String> parse(List<String> words) {
            return words.reversed();
        }

        @Override
        public List<String> combined(List<String> former, List<String> given, boolean again) {
            List<String> all = new ArrayList<>(again ? former : List.of());
            all.addAll(given);
            return all;
        }

        @Override
        public String print(List<String> value) {
            return String.join(" ", value);
        }

        @Override
        public String syntax() {
            return "words";
        }

        @Override
        public boolean takesSeveralWords() {
            return true;
        }
    }

    private final Configuration configuration =
            new Configuration(
                    Directives.of(
                            List.of(PORT, ACTIVE, LIMIT),
                            List.of(BUFFER, LEVEL, BIND, SECRET, WHO)));

    @Test
    void defaultsHoldUntilSomebodySetsAValue() {
        assertThat(configuration.value(PORT)).isEqualTo(6379);
        assertThat(configuration.text(BIND)).isEqualTo("* -::*");
        assertThat(configuration.text(LEVEL)).isEqualTo("low");
    }

    @Test
    void theLastLineCounts() throws Exception {
        load("port 1", "PORT 2", "active yes", "bind a b", "level very-high", "secret ' x '");
        assertThat(configuration.value(PORT)).isEqualTo(2);
        assertThat(configuration.value(ACTIVE)).isTrue();
        assertThat(configuration.value(BIND)).containsExactly("a", "b");
        assertThat(configuration.value(LEVEL)).isEqualTo(Level.VERY_HIGH);
        assertThat(configuration.value(SECRET)).isEqualTo("x");
    }

    @Test
    void unitsOfMemoryAreThoseOfRedis() throws Exception {
        String[] units = {"1", "1b", "1k", "1KB", "1m", "1mb", "1G", "1gb"};
        long[] bytes = {1, 1, 1000, 1024, 1000000, 1048576, 1000000000, 1073741824};
        for (int i = 0; i < units.length; i++) {
            load("old-limit " + units[i]);
            assertThat(configuration.value(LIMIT)).as(units[i]).isEqualTo(bytes[i]);
        }
        for (String bad : List.of("-1", "x", "1.5gb", "1tb", "9223372036854775807k", "gb")) {
            assertLineRefused("limit " + bad, "argument must be a memory value");
        }
    }

    @Test
    void badLinesAreRefusedInTheWordsOfStock() {
        assertLineRefused("foo bar", "Bad directive or wrong number of arguments");
        assertLineRefused("port", "wrong number of arguments");
        assertLineRefused("port 1 2", "wrong number of arguments");
        assertLineRefused("port x", "argument couldn't be parsed into an integer");
        assertLineRefused("port 65536", "argument must be between 0 and 65535 inclusive");
        assertLineRefused("buffer 1", "argument must be between 1024 and 4096 inclusive");
        assertLineRefused("active maybe", "argument must be 'yes' or 'no'");
        assertLineRefused("level x", "argument(s) must be one of the following: low, very-high");
        assertLineRefused("bind a b c", "wrong number of arguments");
    }

    @Test
    void aRefusedSecretIsNotShown() {
        assertThatThrownBy(() -> load("secret 123"))
                .hasMessageContaining("too simple")
                .hasMessageNotContaining("123");
        assertThatThrownBy(() -> load("secret hidden word"))
                .hasMessageContaining("wrong number of arguments")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void changesAreAllOrNone() throws Exception {
        configuration.change(pairs("port", "1", "limit", "1kb"));
        assertChangeRefused(
                "CONFIG SET failed (possibly related to argument 'limit') - argument must be a"
                        + " memory value",
                "port",
                "2",
                "limit",
                "x");
        assertThat(configuration.value(PORT)).isEqualTo(1);
        assertThat(configuration.value(LIMIT)).isEqualTo(1024);
    }

    @Test
    void impossibleChangesAreRefusedInTheWordsOfStock() {
        assertChangeRefused(
                "Unknown option or number of arguments for CONFIG SET - 'foo'",
                "port",
                "2",
                "foo",
                "x");
        assertChangeRefused(
                "CONFIG SET failed (possibly related to argument 'active') - can't set immutable"
                        + " config",
                "active",
                "yes");
        assertChangeRefused(
                "CONFIG SET failed (possibly related to argument 'LIMIT') - duplicate parameter",
                "limit",
                "2",
                "LIMIT",
                "3");
        assertChangeRefused(
                "Unknown option or number of arguments for CONFIG SET - 'who'", "who", "x");
    }

    @Test
    void ofANameAndItsAliasTheLaterCounts() throws Exception {
        configuration.change(pairs("limit", "2", "old-limit", "3"));
        assertThat(configuration.value(LIMIT)).isEqualTo(3);
        assertChangeRefused(
                "CONFIG SET failed (possibly related to argument 'buffer') - argument must be"
                        + " between 1024 and 4096 inclusive",
                "limit",
                "4",
                "old-limit",
                "5",
                "buffer",
                "1");
        assertThat(configuration.value(LIMIT)).isEqualTo(3);
    }

    @Test
    void aPolicyMayRefuse() {
        assertThatThrownBy(
                        () ->
                                configuration.change(
                                        pairs("port", "1"), directive -> "not on Sundays"))
                .isInstanceOfSatisfying(
                        ChangeRefused.class,
                        refused ->
                                assertThat(refused.text())
                                        .isEqualTo(
                                                "CONFIG SET failed (possibly related to argument"
                                                        + " 'port') - not on Sundays"));
    }

    @Test
    void aLineMayGoOnWithTheFormerOne() throws Exception {
        load("who a", "who b c");
        assertThat(configuration.value(WHO)).containsExactly("c", "b");
        configuration.load(List.of(line("who d"), line("who e f"), line("port 1")));
        assertThat(configuration.value(WHO)).containsExactly("d", "f", "e");
    }

    @Test
    void aHookRunsOncePerChange() throws Exception {
        List<String> seen = new ArrayList<>();
        configuration.onChange(
                () -> seen.add(configuration.text(PORT) + " " + configuration.text(BIND)),
                PORT,
                BIND);
        configuration.change(pairs("port", "1", "bind", "a b", "limit", "1"));
        configuration.change(pairs("limit", "2"));
        configuration.change(pairs("port", "1"));
        assertThat(seen).containsExactly("1 a b");
    }

    @Test
    void whatAHookRefusesIsPutBackEverywhere() {
        List<Long> ports = new ArrayList<>();
        configuration.onChange(() -> ports.add(configuration.value(PORT)), PORT);
        configuration.onChange(
                () -> {
                    if (configuration.value(LIMIT) == 5) {
                        throw new InvalidValue("no five");
                    }
                },
                LIMIT);
        assertChangeRefused(
                "CONFIG SET failed (possibly related to argument 'limit') - no five",
                "port",
                "1",
                "limit",
                "5");
        assertThat(ports).containsExactly(1L, 6379L);
        assertThat(configuration.value(LIMIT)).isEqualTo(100);
    }

    @Test
    void aSettingFollowsChanges() throws Exception {
        Setting<Long> port = configuration.setting(PORT);
        configuration.change(pairs("PORT", "9"));
        assertThat(port.value()).isEqualTo(9);
    }

    @Test
    void aNameDeclaredTwiceIsRefused() {
        Directive<Boolean> clash = directive("x").toggle(true).alias("Port").doc("X.");
        assertThatThrownBy(() -> Directives.of(List.of(PORT), List.of(clash)))
                .hasMessage("directive declared twice: Port");
    }

    private void load(String... lines) throws ConfigFileException {
        for (String text : lines) {
            configuration.load(List.of(line(text)));
        }
    }

    private static ConfigLine line(String text) {
        List<String> words = Objects.requireNonNull(WordSplitter.split(text));
        return new ConfigLine(ConfigLine.Source.FILE, "", 7, text, words);
    }

    private void assertLineRefused(String text, String reason) {
        assertThatThrownBy(() -> load(text))
                .hasMessageContaining("Reading the configuration file, at line 7\n")
                .hasMessageEndingWith(">>> '" + text + "'\n" + reason);
    }

    private void assertChangeRefused(String text, String... pairs) {
        assertThatThrownBy(() -> configuration.change(pairs(pairs)))
                .isInstanceOfSatisfying(
                        ChangeRefused.class, refused -> assertThat(refused.text()).isEqualTo(text));
    }

    private static List<Assignment> pairs(String... words) {
        List<Assignment> pairs = new ArrayList<>();
        for (int i = 0; i < words.length; i += 2) {
            pairs.add(new Assignment(words[i], words[i + 1]));
        }
        return pairs;
    }
}

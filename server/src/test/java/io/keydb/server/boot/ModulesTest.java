package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.ConfigFileException;
import io.keydb.testmodule.ModuleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules in a whole server. */
@SuppressWarnings("NullAway.Init") // the engine of the tests sets the fields
class ModulesTest {
    private static final String NOT_LOADED =
            "-ERR Error loading the extension. Please check the server logs.";
    private static final String FAILED = "-ERR module 'test' failed, see the server's log";

    @TempDir private Path folder;

    private String jar;
    private Server server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        jar = ModuleJar.write(folder.resolve("test.jar")).toString();
        open();
    }

    private void open(String... more) throws Exception {
        String[] fixed = {
            "--dir",
            folder.toString(),
            "--enable-module-command",
            "local",
            "--enable-debug-command",
            "yes",
            "--notify-keyspace-events",
            "KEA"
        };
        String[] all = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(more, 0, all, fixed.length, more.length);
        server = TestServers.start(all);
        client = new TestClient(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private String call(String... words) throws Exception {
        return client.call(words);
    }

    private void load(String... more) throws Exception {
        String[] words = new String[more.length + 3];
        words[0] = "MODULE";
        words[1] = "LOAD";
        words[2] = jar;
        System.arraycopy(more, 0, words, 3, more.length);
        assertThat(call(words)).isEqualTo("OK");
    }

    @Test
    void commandsComeAndGoWithTheirModule() throws Exception {
        assertThat(call("MODULE", "LIST")).isEmpty();
        assertThat(call("TEST.GET", "k")).startsWith("-ERR unknown command 'TEST.GET'");
        int count = Integer.parseInt(call("COMMAND", "COUNT"));
        load("one", "two");
        assertThat(call("MODULE", "LIST"))
                .isEqualTo("name test ver 42 path " + jar + " args one two");
        assertThat(call("HELLO")).contains("modules name test ver 42 path " + jar);
        assertThat(call("INFO", "modules"))
                .contains("module:name=test,ver=42,api=1,filters=0,usedby=[],using=[],options=[]");
        assertThat(Integer.parseInt(call("COMMAND", "COUNT"))).isEqualTo(count + 17);
        assertThat(call("test.get", "k")).isEqualTo("(nil)");
        assertThat(call("TEST.GET")).startsWith("-ERR wrong number of arguments for 'test.get'");
        assertThat(call("COMMAND", "LIST", "FILTERBY", "MODULE", "test"))
                .contains("test.get", "test.limit")
                .doesNotContain("client");
        assertThat(call("COMMAND", "INFO", "test.get")).contains("readonly module");
        assertThat(call("COMMAND", "DOCS", "test.get")).contains("group module", "module test");
        assertThat(call("COMMAND", "GETKEYS", "TEST.TWICE", "a", "b")).isEqualTo("a b");
        assertThat(call("INFO", "commandstats")).contains("cmdstat_test.get:calls=1,");
        assertThat(call("MODULE", "LOAD", jar)).isEqualTo(NOT_LOADED);
        assertThat(call("MODULE", "UNLOAD", "TEST")).isEqualTo("OK");
        assertThat(call("TEST.GET", "k")).startsWith("-ERR unknown command 'TEST.GET'");
        assertThat(call("COMMAND", "COUNT")).isEqualTo(String.valueOf(count));
        assertThat(call("MODULE", "UNLOAD", "test"))
                .isEqualTo("-ERR Error unloading module: no such module with that name");
        load();
        assertThat(call("TEST.GET", "k")).isEqualTo("(nil)");
        assertThat(call("INFO", "commandstats")).contains("cmdstat_test.get:calls=1,");
    }

    @Test
    void valuesAreKeptAsAllOthers() throws Exception {
        load();
        assertThat(call("TEST.SET", "k", "text")).isEqualTo("OK");
        assertThat(call("TYPE", "k")).isEqualTo("test-text");
        assertThat(call("TEST.SET", "k", "longer".repeat(2000))).isEqualTo("OK");
        assertThat(call("TEST.GET", "k")).isEqualTo("longer".repeat(2000));
        assertThat(Integer.parseInt(call("MEMORY", "USAGE", "k"))).isGreaterThan(12_000);
        assertThat(call("TEST.SET", "k", "")).isEqualTo("OK");
        assertThat(call("TEST.GET", "k")).isEmpty();
        call("SET", "string", "x");
        assertThat(call("TEST.GET", "string")).startsWith("-WRONGTYPE");
        assertThat(call("TEST.SET", "string", "x")).startsWith("-WRONGTYPE");
        assertThat(call("GET", "k")).startsWith("-WRONGTYPE");
        assertThat(call("TEST.TWICE", "k", "k")).isEqualTo("10000");
        assertThat(call("TEST.GET", "k")).startsWith("a").endsWith("z").hasSize(10_000);
        assertThat(call("TEST.TWICE", "a", "b")).isEqualTo("3");
        assertThat(call("EVAL", "return redis.call('TEST.GET', KEYS[1])", "1", "a"))
                .isEqualTo("a\0\0");
        assertThat(call("TEST.DEL", "a")).isEqualTo("1");
        assertThat(call("TEST.DEL", "a")).isEqualTo("0");
        assertThat(call("EXISTS", "a")).isEqualTo("0");
        assertThat(call("FLUSHALL")).isEqualTo("OK");
        assertThat(call("MODULE", "UNLOAD", "test")).isEqualTo("OK");
    }

    @Test
    void whatAHandlerDoesWrongIsAnErrorAndNothingElse() throws Exception {
        load();
        for (String name :
                List.of("STACK", "SHORT", "LONG", "CHANGE", "FOREIGN", "BEYOND", "BOOM")) {
            assertThat(call("TEST." + name, "k")).as(name).isEqualTo(FAILED);
            assertThat(call("PING")).as(name).isEqualTo("PONG");
        }
        assertThat(call("TEST.GET", "k")).isEqualTo("half");
        assertThat(call("TEST.OTHER", "k", "other")).isEqualTo(FAILED);
        assertThat(call("TEST.SOURCE", "other", "k")).isEqualTo(FAILED);
        assertThat(call("TEST.REFUSE", "k")).isEqualTo("-NOTNOW told to refuse  +OK");
        assertThat(call("TEST.KEEP", "k")).isEqualTo("1");
        assertThat(call("TEST.KEEP", "k")).isEqualTo(FAILED);
        assertThat(call("INFO", "commandstats")).contains("cmdstat_test.stack:");
    }

    @Test
    void aModuleThatCannotBeLoadedLeavesNothing() throws Exception {
        int count = Integer.parseInt(call("COMMAND", "COUNT"));
        for (String argument : List.of("refuse", "crash", "taken")) {
            assertThat(call("MODULE", "LOAD", jar, argument)).isEqualTo(NOT_LOADED);
        }
        Path empty = ModuleJar.write(folder.resolve("empty.jar"), List.of());
        Path unknown = ModuleJar.write(folder.resolve("unknown.jar"), List.of("no.such.Module"));
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        for (Path wrong : List.of(empty, unknown, text, folder, folder.resolve("absent.jar"))) {
            assertThat(call("MODULE", "LOAD", wrong.toString())).isEqualTo(NOT_LOADED);
        }
        assertThat(call("MODULE", "LIST")).isEmpty();
        assertThat(call("CONFIG", "GET", "test.*")).isEmpty();
        assertThat(call("COMMAND", "COUNT")).isEqualTo(String.valueOf(count));
        load();
    }

    @Test
    void parametersArePartOfTheConfiguration() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"CONFIG", "test.limit", "1000"},
                    {"CONFIG", "test.absent", "1"},
                    {"CONFIG", "test.limit"},
                    {"LIMIT"}
                }) {
            String[] words = new String[wrong.length + 3];
            words[0] = "MODULE";
            words[1] = "LOADEX";
            words[2] = jar;
            System.arraycopy(wrong, 0, words, 3, wrong.length);
            assertThat(call(words)).isEqualTo(NOT_LOADED);
        }
        String loaded =
                call(
                        "MODULE",
                        "LOADEX",
                        jar,
                        "CONFIG",
                        "test.limit",
                        "7",
                        "CONFIG",
                        "test.Mode",
                        "wild",
                        "ARGS",
                        "CONFIG",
                        "x");
        assertThat(loaded).isEqualTo("OK");
        assertThat(call("TEST.LIMIT")).isEqualTo("7");
        assertThat(call("MODULE", "LIST")).endsWith("args CONFIG x");
        assertThat(call("CONFIG", "GET", "test.mode", "test.quick"))
                .contains("test.mode wild", "test.quick yes");
        assertThat(call("CONFIG", "SET", "test.limit", "8", "test.greeting", "good day"))
                .isEqualTo("OK");
        assertThat(call("TEST.LIMIT")).isEqualTo("8");
        assertThat(call("CONFIG", "SET", "test.limit", "0")).startsWith("-ERR CONFIG SET failed");
        assertThat(call("MODULE", "UNLOAD", "test")).isEqualTo("OK");
        assertThat(call("CONFIG", "GET", "test.limit")).isEmpty();
        assertThat(call("CONFIG", "SET", "test.limit", "8")).startsWith("-ERR Unknown option");
    }

    @Test
    void theConfigurationIsWrittenWithItsModules() throws Exception {
        load("one", "two words", "\"quoted\"");
        call("CONFIG", "SET", "test.limit", "9");
        Path file = Files.writeString(folder.resolve("rewritten.conf"), "test.limit 5\n");
        server.configuration().rewrite(file);
        String line = "loadmodule " + jar + " one \"two words\" \"\\\"quoted\\\"\"";
        assertThat(Files.readAllLines(file)).contains(line, "test.limit 9");
        assertThat(call("MODULE", "UNLOAD", "test")).isEqualTo("OK");
        server.configuration().rewrite(file);
        assertThat(Files.readString(file))
                .doesNotContain("loadmodule")
                .contains("# ??? test.limit");
    }

    @Test
    void aModuleWithValuesStays() throws Exception {
        load();
        call("SELECT", "5");
        call("TEST.SET", "k", "v");
        assertThat(call("MODULE", "UNLOAD", "test"))
                .isEqualTo(
                        "-ERR Error unloading module: the module exports one or more module-side"
                                + " data types, can't unload");
        assertThat(call("TEST.SET", "k2", "v")).isEqualTo("OK");
        call("FLUSHDB");
        assertThat(call("MODULE", "UNLOAD", "test")).isEqualTo("OK");
    }

    @Test
    void aQueuedCommandOfAModuleThatIsGoneIsUnknown() throws Exception {
        load();
        assertThat(call("MULTI")).isEqualTo("OK");
        assertThat(call("TEST.SET", "k", "v")).isEqualTo("QUEUED");
        try (TestClient other = new TestClient(server.port())) {
            assertThat(other.call("MODULE", "UNLOAD", "test")).isEqualTo("OK");
        }
        assertThat(call("EXEC")).startsWith("-ERR unknown command 'TEST.SET'");
        assertThat(call("EXISTS", "k")).isEqualTo("0");
    }

    @Test
    void rulesOfUsersHoldForCommandsThatComeLater() throws Exception {
        call("ACL", "SETUSER", "u", "on", ">p", "allkeys", "+@all", "-@dangerous");
        call("ACL", "SETUSER", "r", "on", ">p", "allkeys", "+@read");
        load();
        assertThat(call("ACL", "DRYRUN", "u", "TEST.LIMIT")).contains("no permissions");
        assertThat(call("ACL", "DRYRUN", "u", "TEST.SET", "k", "v")).isEqualTo("OK");
        assertThat(call("ACL", "DRYRUN", "r", "TEST.GET", "k")).isEqualTo("OK");
        assertThat(call("ACL", "DRYRUN", "r", "TEST.SET", "k", "v")).contains("no permissions");
        assertThat(call("ACL", "CAT", "dangerous")).contains("test.limit");
        assertThat(call("ACL", "SETUSER", "one", "+test.get")).isEqualTo("OK");
        assertThat(call("MODULE", "UNLOAD", "test")).isEqualTo("OK");
        assertThat(call("ACL", "CAT", "dangerous")).doesNotContain("test.limit");
        assertThat(call("ACL", "SETUSER", "two", "+test.get")).startsWith("-ERR");
        assertThat(call("ACL", "GETUSER", "one")).contains("+test.get");
    }

    @Test
    void valuesAreSavedAndLoadedWithTheirModule() throws Exception {
        load();
        call("TEST.SET", "k", "text");
        String digest = call("DEBUG", "DIGEST");
        assertThat(call("DEBUG", "RELOAD")).isEqualTo("OK");
        assertThat(call("DEBUG", "DIGEST")).isEqualTo(digest);
        String dumped = call("DEBUG", "OBJECT", "k");
        assertThat(dumped).contains("encoding:raw");
        assertThat(call("SAVE")).isEqualTo("OK");
        stop();
        open("--loadmodule", jar + " from-the-start", "--test.limit", "33");
        assertThat(call("DEBUG", "DIGEST")).isEqualTo(digest);
        assertThat(call("TEST.GET", "k")).isEqualTo("text");
        assertThat(call("TEST.LIMIT")).isEqualTo("33");
        assertThat(call("MODULE", "LIST")).endsWith("args from-the-start");
        assertThatThrownBy(() -> TestServers.start("--dir", folder.toString()))
                .hasMessageContaining("no matching module type 'test-text'");
    }

    @Test
    void theStartFailsWithAModuleOrAParameterThatIsNotThere() {
        assertThatThrownBy(() -> TestServers.start("--loadmodule", "/absent.jar"))
                .isInstanceOf(ConfigFileException.class)
                .hasMessage("Can't load module from /absent.jar: server aborting");
        assertThatThrownBy(() -> TestServers.start("--absent.parameter", "1"))
                .isInstanceOf(ConfigFileException.class)
                .hasMessageContaining("absent.parameter");
    }

    @Test
    void eventsReachThoseWhoListen() throws Exception {
        load();
        try (TestClient listener = new TestClient(server.port())) {
            listener.call("SUBSCRIBE", "__keyspace@0__:k");
            call("TEST.SET", "k", "v");
            assertThat(listener.reply()).isEqualTo("message __keyspace@0__:k test.set");
        }
    }

    @Test
    void onlyThoseWhoMayUseModule() throws Exception {
        stop();
        open("--enable-module-command", "no");
        for (String[] words :
                new String[][] {
                    {"MODULE", "LOAD", jar},
                    {"MODULE", "LOADEX", jar},
                    {"MODULE", "UNLOAD", "test"}
                }) {
            assertThat(call(words)).startsWith("-ERR MODULE command not allowed. If the");
        }
        assertThat(call("MODULE", "LIST")).isEmpty();
        assertThat(call("MODULE", "HELP")).startsWith("MODULE <subcommand> ");
        assertThat(call("MODULE", "NONE")).startsWith("-ERR unknown subcommand 'NONE'");
    }
}

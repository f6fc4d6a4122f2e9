package io.keydb.server.command.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * CLIENT names and describes connections and refuses what stock refuses. What needs connections is
 * tested with a whole server.
 */
class ClientCommandsTest {
    private static final String BAD_NAME =
            "-ERR Client names cannot contain spaces, newlines or special characters.";

    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void aConnectionHasANameWhenItWasGivenOne() {
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$-1");
        assertThat(server.run("CLIENT", "SETNAME", "me")).isEqualTo("+OK");
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$2 me");
        for (String bad : new String[] {"a b", "a\nb", "a\u007fb", "\u00e4"}) {
            assertThat(server.run("CLIENT", "SETNAME", bad)).isEqualTo(BAD_NAME);
        }
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$2 me");
        assertThat(server.run("CLIENT", "SETNAME", "")).isEqualTo("+OK");
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$-1");
    }

    @Test
    void librariesNameThemselves() {
        assertThat(server.run("CLIENT", "SETINFO", "LIB-NAME", "jedis")).isEqualTo("+OK");
        assertThat(server.run("CLIENT", "SETINFO", "lib-ver", "5.1")).isEqualTo("+OK");
        assertThat(server.run("CLIENT", "INFO")).contains(" lib-name=jedis lib-ver=5.1");
        assertThat(server.run("CLIENT", "SETINFO", "lib-name", "a b"))
                .isEqualTo("-ERR lib-name cannot contain spaces, newlines or special characters.");
        assertThat(server.run("CLIENT", "SETINFO", "FOO", "x"))
                .isEqualTo("-ERR Unrecognized option 'FOO'");
        assertThat(server.run("CLIENT", "SETINFO", "LIB-NAME", "")).isEqualTo("+OK");
        assertThat(server.run("CLIENT", "INFO")).contains(" lib-name= lib-ver=5.1");
    }

    @Test
    void aConnectionIsDescribedByWhatItDoes() {
        server.run("SELECT", "3");
        server.run("CLIENT", "SETNAME", "me");
        server.clock().advanceMillis(7000);
        String info = server.run("CLIENT", "INFO");
        assertThat(info)
                .contains("id=1 ", " name=me age=7 idle=0 flags=N db=3 ", " multi=-1 ")
                .contains(" cmd=client|info user=(superuser) redir=-1 resp=2 ");
        server.run("MULTI");
        server.run("PING");
        server.run("CLIENT", "INFO");
        assertThat(server.run("EXEC")).contains(" flags=x ", " multi=2 ");
        server.run("SELECT", "0");
        server.run("WATCH", "k");
        server.session().run("SET", "k", "v");
        assertThat(server.run("CLIENT", "INFO")).contains(" flags=d ");
        server.run("UNWATCH");
        assertThat(server.run("CLIENT", "ID")).isEqualTo(":1");
    }

    @Test
    void wrongFiltersOfListAreRefused() {
        for (String[] filter :
                new String[][] {{"FOO"}, {"TYPE"}, {"ID"}, {"TYPE", "normal", "ID", "1"}}) {
            assertThat(run("LIST", filter)).isEqualTo("-ERR syntax error");
        }
        assertThat(run("LIST", "TYPE", "foo")).isEqualTo("-ERR Unknown client type 'foo'");
        assertThat(run("LIST", "ID", "x")).isEqualTo("-ERR Invalid client ID");
        for (String[] none :
                new String[][] {
                    {"TYPE", "master"},
                    {"TYPE", "replica"},
                    {"TYPE", "slave"},
                    {"TYPE", "PubSub"},
                    {"ID", "99999"},
                    {"ID", "-1", "0"}
                }) {
            assertThat(run("LIST", none)).isEqualTo("$0");
        }
    }

    @Test
    void wrongFiltersOfKillAreRefused() {
        assertThat(run("KILL", "1.2.3.4:5")).isEqualTo("-ERR No such client");
        assertThat(run("KILL"))
                .isEqualTo("-ERR wrong number of arguments for 'client|kill' command");
        for (String id : new String[] {"0", "-1", "x", ""}) {
            assertThat(run("KILL", "ID", id)).isEqualTo("-ERR client-id should be greater than 0");
        }
        assertThat(run("KILL", "TYPE", "foo")).isEqualTo("-ERR Unknown client type 'foo'");
        assertThat(run("KILL", "USER", "nosuch")).isEqualTo("-ERR No such user 'nosuch'");
        for (String[] wrong :
                new String[][] {
                    {"SKIPME", "maybe"}, {"FOO", "bar"}, {"ID", "9", "SKIPME"}, {"ADDR", "a", "ID"}
                }) {
            assertThat(run("KILL", wrong)).isEqualTo("-ERR syntax error");
        }
        for (String[] nobody :
                new String[][] {
                    {"ID", "99999"},
                    {"TYPE", "master"},
                    {"ADDR", "1.2.3.4:5"},
                    {"LADDR", "1.2.3.4:5"},
                    {"ID", "99999", "SKIPME", "yes", "TYPE", "normal"}
                }) {
            assertThat(run("KILL", nobody)).isEqualTo(":0");
        }
    }

    @Test
    void unknownSubcommandsAreRefused() {
        assertThat(server.run("CLIENT"))
                .isEqualTo("-ERR wrong number of arguments for 'client' command");
        assertThat(run("NOSUCH")).isEqualTo("-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.");
        assertThat(run("GETNAME", "x"))
                .isEqualTo("-ERR wrong number of arguments for 'client|getname' command");
        assertThat(run("HELP")).startsWith("*").contains("+CLIENT <subcommand>");
    }

    private String run(String subcommand, String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = "CLIENT";
        command[1] = subcommand;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return server.run(command);
    }

    @Test
    void whoTouchesNothingLeavesKeysAsTheyWereAccessedBefore() {
        try (CommandTester server = new CommandTester()) {
            server.run("SET", "k", "v");
            server.run("RPUSH", "list", "a");
            server.clock().advanceMillis(100_000);
            server.keyspace().tick();
            assertThat(server.run("CLIENT", "NO-TOUCH", "ON")).isEqualTo("+OK");
            assertThat(server.run("CLIENT", "INFO")).contains(" flags=T ");
            server.run("GET", "k");
            server.run("RPUSH", "list", "b");
            assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":100");
            assertThat(server.run("OBJECT", "IDLETIME", "list")).isEqualTo(":100");
            server.run("TOUCH", "list");
            assertThat(server.run("OBJECT", "IDLETIME", "list")).isEqualTo(":0");
            server.session().run("GET", "k");
            assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":0");
            server.clock().advanceMillis(100_000);
            server.keyspace().tick();
            server.run("SET", "k", "new");
            assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":0");
            server.clock().advanceMillis(100_000);
            server.keyspace().tick();
            assertThat(server.run("CLIENT", "NO-TOUCH", "off")).isEqualTo("+OK");
            server.run("GET", "k");
            assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":0");
            assertThat(server.run("CLIENT", "NO-TOUCH", "maybe")).isEqualTo("-ERR syntax error");
        }
    }
}

package io.keydb.server.command.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Greeting, authentication, protocol and database behave as in stock, in every form. */
class ConnectionCommandsTest {
    private static final String GREETING =
            "$6 server $5 redis $7 version $5 7.2.4 $5 proto :%d $2 id :1 $4 mode $10 standalone"
                    + " $4 role $6 master $7 modules *0";
    private static final String WRONG_PASSWORD =
            "-WRONGPASS invalid username-password pair or user is disabled.";
    private static final String NOT_AUTHENTICATED = "-NOAUTH Authentication required.";
    private static final String GREET_LATER =
            "-NOAUTH HELLO must be called with the client already authenticated, otherwise the"
                    + " HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client"
                    + " and select the RESP protocol version at the same time";

    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void pingAndEchoAnswer() {
        assertThat(server.run("PING")).isEqualTo("+PONG");
        assertThat(server.run("PING", "a b")).isEqualTo("$3 a b");
        assertThat(server.run("PING", "a", "b"))
                .isEqualTo("-ERR wrong number of arguments for 'ping' command");
        assertThat(server.run("ECHO", "hello")).isEqualTo("$5 hello");
        assertThat(server.run("ECHO"))
                .isEqualTo("-ERR wrong number of arguments for 'echo' command");
    }

    @Test
    void aDatabaseIsChosenByItsNumber() {
        server.run("SET", "k", "0");
        assertThat(server.run("SELECT", "15")).isEqualTo("+OK");
        assertThat(server.run("GET", "k")).isEqualTo("$-1");
        for (String beyond : new String[] {"16", "-1"}) {
            assertThat(server.run("SELECT", beyond)).isEqualTo("-ERR DB index is out of range");
        }
        for (String none : new String[] {"x", "1.5", "01", ""}) {
            assertThat(server.run("SELECT", none))
                    .isEqualTo("-ERR value is not an integer or out of range");
        }
        assertThat(server.run("SELECT", "99999999999"))
                .isEqualTo(
                        "-ERR value is out of range, value must between -2147483648 and"
                                + " 2147483647");
        assertThat(server.run("SELECT", "0")).isEqualTo("+OK");
        assertThat(server.run("GET", "k")).isEqualTo("$1 0");
    }

    @Test
    void theGreetingComesInTheProtocolAskedFor() {
        assertThat(server.run("HELLO")).isEqualTo("*14 " + GREETING.formatted(2));
        assertThat(server.run("HELLO", "3")).isEqualTo("%7 " + GREETING.formatted(3));
        assertThat(server.run("GET", "none")).isEqualTo("_");
        assertThat(server.run("HELLO")).as("keeps the protocol").startsWith("%7 ");
        assertThat(server.run("HELLO", "2")).isEqualTo("*14 " + GREETING.formatted(2));
        assertThat(server.run("GET", "none")).isEqualTo("$-1");
    }

    @Test
    void wrongGreetingsChangeNothing() {
        for (String unknown : new String[] {"1", "4", "-3"}) {
            assertThat(server.run("HELLO", unknown))
                    .isEqualTo("-NOPROTO unsupported protocol version");
        }
        for (String none : new String[] {"x", "99999999999999999999", "2.0"}) {
            assertThat(server.run("HELLO", none))
                    .isEqualTo("-ERR Protocol version is not an integer or out of range");
        }
        assertThat(server.run("HELLO", "3", "FOO"))
                .isEqualTo("-ERR Syntax error in HELLO option 'FOO'");
        assertThat(server.run("HELLO", "3", "AUTH", "default"))
                .isEqualTo("-ERR Syntax error in HELLO option 'AUTH'");
        assertThat(server.run("HELLO", "3", "SETNAME"))
                .isEqualTo("-ERR Syntax error in HELLO option 'SETNAME'");
        assertThat(server.run("HELLO", "3", "SETNAME", "a b"))
                .isEqualTo(
                        "-ERR Client names cannot contain spaces, newlines or special"
                                + " characters.");
        assertThat(server.run("GET", "none")).as("still the old protocol").isEqualTo("$-1");
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$-1");
    }

    @Test
    void aGreetingMayNameTheConnection() {
        assertThat(server.run("HELLO", "2", "SETNAME", "me")).startsWith("*14 ");
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$2 me");
        assertThat(server.run("HELLO", "2", "auth", "default", "any", "setname", "you"))
                .startsWith("*14 ");
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$3 you");
    }

    @Test
    void withoutAPasswordNobodyNeedsOne() {
        assertThat(server.run("AUTH", "x"))
                .isEqualTo(
                        "-ERR AUTH <password> called without any password configured for the"
                                + " default user. Are you sure your configuration is correct?");
        assertThat(server.run("AUTH", "default", "x")).isEqualTo("+OK");
        assertThat(server.run("AUTH", "nosuch", "x")).isEqualTo(WRONG_PASSWORD);
        assertThat(server.run("AUTH", "a", "b", "c")).isEqualTo("-ERR syntax error");
    }

    @Test
    void withAPasswordNothingElseWorksBefore() {
        try (CommandTester locked = CommandTester.withPassword("secret")) {
            assertThat(locked.run("GET", "a")).isEqualTo(NOT_AUTHENTICATED);
            assertThat(locked.run("NOSUCH")).startsWith("-ERR unknown command 'NOSUCH'");
            assertThat(locked.run("GET"))
                    .isEqualTo("-ERR wrong number of arguments for 'get' command");
            assertThat(locked.run("MULTI")).isEqualTo(NOT_AUTHENTICATED);
            assertThat(locked.run("EXEC"))
                    .isEqualTo(
                            "-EXECABORT Transaction discarded because of: NOAUTH Authentication"
                                    + " required.");
            assertThat(locked.run("HELLO")).isEqualTo(GREET_LATER);
            assertThat(locked.run("HELLO", "3", "SETNAME", "x")).isEqualTo(GREET_LATER);
            assertThat(locked.run("HELLO", "5")).isEqualTo("-NOPROTO unsupported protocol version");
            assertThat(locked.run("HELLO", "3", "AUTH", "default", "wrong"))
                    .isEqualTo(WRONG_PASSWORD);
            assertThat(locked.run("AUTH", "wrong")).isEqualTo(WRONG_PASSWORD);
            assertThat(locked.run("AUTH", "nosuch", "secret")).isEqualTo(WRONG_PASSWORD);
            assertThat(locked.run("AUTH", "secret")).isEqualTo("+OK");
            assertThat(locked.run("GET", "a")).isEqualTo("$-1");
            assertThat(locked.run("AUTH", "wrong")).isEqualTo(WRONG_PASSWORD);
            assertThat(locked.run("GET", "a")).as("stays authenticated").isEqualTo("$-1");
            assertThat(locked.run("RESET")).isEqualTo("+RESET");
            assertThat(locked.run("GET", "a")).isEqualTo(NOT_AUTHENTICATED);
            assertThat(locked.run("HELLO", "3", "AUTH", "default", "secret", "SETNAME", "me"))
                    .startsWith("%7 ");
            assertThat(locked.run("CLIENT", "GETNAME")).isEqualTo("$2 me");
        }
    }

    @Test
    void resetMakesAConnectionNew() {
        server.run("HELLO", "3", "SETNAME", "me");
        server.run("SELECT", "3");
        server.run("WATCH", "k");
        server.run("MULTI");
        server.run("SET", "k", "1");
        assertThat(server.run("RESET")).isEqualTo("+RESET");
        assertThat(server.run("GET", "k")).isEqualTo("$-1");
        assertThat(server.run("CLIENT", "GETNAME")).isEqualTo("$-1");
        assertThat(server.run("DISCARD")).isEqualTo("-ERR DISCARD without MULTI");
        server.run("SET", "k", "0");
        server.session().run("SELECT", "3");
        server.run("MULTI");
        assertThat(server.run("EXEC")).as("watches nothing").isEqualTo("*0");
    }

    @Test
    void quitSaysGoodbyeWhateverItsArguments() {
        CommandTester.Session other = server.session();
        assertThat(other.run("QUIT", "now")).isEqualTo("+OK");
        assertThat(other.client().isClosing()).isTrue();
        CommandTester.Session within = server.session();
        within.run("MULTI");
        assertThat(within.run("QUIT")).isEqualTo("+OK");
        within.client().release();
    }
}

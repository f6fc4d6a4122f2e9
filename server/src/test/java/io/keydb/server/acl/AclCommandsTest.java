package io.keydb.server.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.boot.ServerDirectives;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTester;
import io.keydb.server.config.Configuration;
import io.keydb.server.pubsub.PubSubCommands;
import io.keydb.server.pubsub.Subscriptions;
import io.keydb.server.resp.Request;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AclCommandsTest {
    private final CommandTester server =
            CommandTester.withUsers(
                    new Configuration(ServerDirectives.all()),
                    new PubSubCommands(new Subscriptions()).all().toArray(Command[]::new));
    private final CommandTester.Session other = server.session();

    @AfterEach
    void close() {
        server.close();
    }

    private void user(String... rules) {
        String[] words = new String[rules.length + 6];
        String[] first = {"ACL", "SETUSER", "u", "reset", "on", ">p"};
        System.arraycopy(first, 0, words, 0, 6);
        System.arraycopy(rules, 0, words, 6, rules.length);
        assertThat(server.run(words)).isEqualTo("+OK");
        assertThat(other.run("AUTH", "u", "p")).isEqualTo("+OK");
    }

    private String rules(String... rules) {
        user(rules);
        String all = server.run("ACL", "LIST");
        String own = all.substring(all.indexOf("user u "));
        String digest = Passwords.digest(new byte[] {'p'});
        return own.substring(own.indexOf(digest) + digest.length() + 1).trim();
    }

    @Test
    void newUserMayDoNothing() {
        assertThat(server.run("ACL", "SETUSER", "new")).isEqualTo("+OK");
        assertThat(server.run("ACL", "LIST"))
                .contains("user new off sanitize-payload resetchannels -@all");
    }

    @Test
    void commandRulesKeepTheirOrderAndLaterOnesReplaceEarlierOnes() {
        assertThat(rules("+get", "-set", "+get")).isEqualTo("resetchannels -@all -set +get");
        assertThat(rules("+client|id", "+client")).isEqualTo("resetchannels -@all +client");
        assertThat(rules("+@read", "-get", "+@READ")).isEqualTo("resetchannels -@all -get +@read");
        assertThat(rules("+get", "+@all", "-set")).isEqualTo("resetchannels +@all -set");
        assertThat(rules("+GET", "+select|0")).isEqualTo("resetchannels -@all +get +select|0");
    }

    @Test
    void patternsOfKeysAreMerged() {
        assertThat(rules("%R~a", "%W~a", "~b", "%rw~c", "~b"))
                .isEqualTo("~a ~b ~c resetchannels -@all");
        assertThat(rules("~b", "allkeys", "allchannels")).isEqualTo("~* &* -@all");
    }

    @Test
    void selectorsAreTold() {
        assertThat(rules("(", "+get", "~a", ")", "(+set %W~b)"))
                .isEqualTo(
                        "resetchannels -@all (~a resetchannels -@all +get)"
                                + " (%W~b resetchannels -@all +set)");
        assertThat(rules("(+get)", "clearselectors")).isEqualTo("resetchannels -@all");
    }

    @Test
    void wrongRuleChangesNothing() {
        user("+get");
        String before = server.run("ACL", "LIST");
        assertThat(server.run("ACL", "SETUSER", "u", "-get", "+nosuch"))
                .isEqualTo(
                        "-ERR Error in ACL SETUSER modifier '+nosuch': Unknown command or category"
                                + " name in ACL");
        assertThat(server.run("ACL", "SETUSER", "u", "(+get", "~x"))
                .isEqualTo("-ERR Unmatched parenthesis in acl selector starting at '(+get'.");
        assertThat(server.run("ACL", "LIST")).isEqualTo(before);
    }

    @Test
    void commandThatIsNotAllowedIsRefused() {
        user("~*", "+set");
        assertThat(other.run("SET", "a", "1")).isEqualTo("+OK");
        assertThat(other.run("GET", "a"))
                .isEqualTo("-NOPERM User u has no permissions to run the 'get' command");
        assertThat(other.run("CLIENT", "ID"))
                .isEqualTo("-NOPERM User u has no permissions to run the 'client|id' command");
        assertThat(other.run("AUTH", "u", "p")).isEqualTo("+OK");
    }

    @Test
    void keysAreAllowedByWhatIsDoneWithThem() {
        user("+@all", "%R~r*", "%W~w*");
        assertThat(other.run("GET", "r")).isEqualTo("$-1");
        assertThat(other.run("GET", "w")).isEqualTo("-NOPERM No permissions to access a key");
        assertThat(other.run("SET", "w", "1")).isEqualTo("+OK");
        assertThat(other.run("SET", "w", "1", "GET")).startsWith("-NOPERM");
        assertThat(other.run("SET", "r", "1")).startsWith("-NOPERM");
        assertThat(other.run("COPY", "r", "w")).isEqualTo(":0");
        assertThat(other.run("COPY", "w", "r")).startsWith("-NOPERM");
        assertThat(other.run("MGET", "r", "w")).startsWith("-NOPERM");
    }

    @Test
    void oneSelectorMustAllowAllOfARequest() {
        user("(+get ~a)", "(+mget ~b)");
        assertThat(other.run("GET", "a")).isEqualTo("$-1");
        assertThat(other.run("MGET", "b")).isEqualTo("*1 $-1");
        assertThat(other.run("MGET", "a", "b")).isEqualTo("-NOPERM No permissions to access a key");
        assertThat(other.run("SET", "a", "b")).startsWith("-NOPERM User u has no permissions");
    }

    @Test
    void changedRulesHoldForConnectedClients() {
        user("+@all", "~*", "&*");
        assertThat(other.client().isUnrestricted()).isTrue();
        assertThat(other.run("GET", "a")).isEqualTo("$-1");
        server.run("ACL", "SETUSER", "u", "-get");
        assertThat(other.run("GET", "a")).startsWith("-NOPERM");
        server.run("ACL", "SETUSER", "u", "+@all");
        assertThat(other.client().isUnrestricted()).isTrue();
    }

    @Test
    void execLooksAtTheRulesAgain() {
        user("+@all", "~*");
        other.run("MULTI");
        assertThat(other.run("SET", "a", "1")).isEqualTo("+QUEUED");
        assertThat(other.run("GET", "a")).isEqualTo("+QUEUED");
        server.run("ACL", "SETUSER", "u", "-set");
        assertThat(other.run("EXEC"))
                .startsWith("*2 -NOPERM ACLs rules changed between the moment the transaction was")
                .endsWith("reason: no permission to execute the command or subcommand $-1");
    }

    @Test
    void commandRefusedWithinMultiMakesExecRefuse() {
        user("+@all", "-set", "~*");
        other.run("MULTI");
        assertThat(other.run("SET", "a", "1")).startsWith("-NOPERM");
        assertThat(other.run("EXEC"))
                .isEqualTo("-EXECABORT Transaction discarded because of previous errors.");
        assertThat(server.run("ACL", "LOG")).contains("multi").contains("set");
    }

    @Test
    void channelsAreChecked() {
        user("+@all", "&news:*");
        assertThat(other.run("PUBLISH", "news:a", "x")).isEqualTo(":0");
        assertThat(other.run("PUBLISH", "other", "x"))
                .isEqualTo("-NOPERM No permissions to access a channel");
        assertThat(other.run("PSUBSCRIBE", "news:a")).startsWith("-NOPERM");
        assertThat(other.run("SUBSCRIBE", "news:a", "other")).startsWith("-NOPERM");
        assertThat(other.run("PSUBSCRIBE", "news:*")).startsWith("*3");
    }

    @Test
    void sortByPatternsNeedsAllKeys() {
        user("+@all", "~list*");
        assertThat(other.run("SORT", "list", "BY", "w_*"))
                .isEqualTo("-ERR BY option of SORT denied due to insufficient ACL permissions.");
        assertThat(other.run("SORT", "list", "GET", "w_*"))
                .isEqualTo("-ERR GET option of SORT denied due to insufficient ACL permissions.");
        assertThat(other.run("SORT", "list", "BY", "nosort")).isEqualTo("*0");
        user("+@all", "~list*", "(%R~* +sort)");
        assertThat(other.run("SORT", "list", "BY", "w_*")).isEqualTo("*0");
    }

    @Test
    void denialsAreNotedAndCounted() {
        user("+get", "~a");
        other.run("SET", "a", "1");
        other.run("SET", "a", "1");
        other.run("GET", "key");
        other.run("AUTH", "u", "wrong");
        String log = server.run("ACL", "LOG");
        assertThat(log).startsWith("*3");
        assertThat(log.indexOf("$4 auth")).isLessThan(log.indexOf("$3 key"));
        assertThat(log).contains("$6 object $3 key").contains("$5 count :2 $6 reason $7 command");
        assertThat(server.run("ACL", "LOG", "1")).startsWith("*1");
        assertThat(server.run("ACL", "LOG", "RESET")).isEqualTo("+OK");
        assertThat(server.run("ACL", "LOG")).isEqualTo("*0");
    }

    @Test
    void dryrunTellsWhatIsDenied() {
        user("+get", "~a", "+publish");
        assertThat(server.run("ACL", "DRYRUN", "u", "GET", "a")).isEqualTo("+OK");
        assertThat(server.run("ACL", "DRYRUN", "u", "GET", "key"))
                .endsWith("User u has no permissions to access the 'key' key");
        assertThat(server.run("ACL", "DRYRUN", "u", "PUBLISH", "ch", "x"))
                .endsWith("User u has no permissions to access the 'ch' channel");
        assertThat(server.run("ACL", "DRYRUN", "u", "SET", "a", "b"))
                .endsWith("User u has no permissions to run the 'set' command");
        assertThat(server.run("ACL", "DRYRUN", "nobody", "GET", "a"))
                .isEqualTo("-ERR User 'nobody' not found");
        assertThat(server.run("ACL", "LOG")).isEqualTo("*0");
    }

    @Test
    void lastAuthenticationOfHelloCounts() {
        user("+@all");
        other.run("AUTH", "default", "x");
        assertThat(other.run("HELLO", "2", "AUTH", "u", "wrong", "AUTH", "u", "p"))
                .contains("$5 redis");
        assertThat(other.run("ACL", "WHOAMI")).isEqualTo("$1 u");
        assertThat(other.run("HELLO", "2", "AUTH", "default", "x", "AUTH", "u", "wrong"))
                .startsWith("-WRONGPASS");
        assertThat(other.run("ACL", "WHOAMI")).isEqualTo("$1 u");
    }

    @Test
    void secretsAreTheArgumentsThatNobodyMaySee() {
        Command auth = Objects.requireNonNull(server.table().find("AUTH"));
        assertThat(auth.isSecret(new Request(), 1)).isTrue();
        assertThat(auth.isSecret(new Request(), 0)).isFalse();
    }

    @Test
    void scriptMayDoWhatItsCallerMay() {
        user("+@all", "-set", "~a");
        String denied = other.run("EVAL", "return redis.call('set', KEYS[1], 1)", "1", "a");
        assertThat(denied)
                .startsWith(
                        "-ERR ACL failure in script: User u has no permissions to run the 'set'"
                                + " command");
        assertThat(other.run("EVAL", "return redis.call('get', 'b')", "0"))
                .startsWith("-ERR ACL failure in script: No permissions to access a key");
        assertThat(other.run("EVAL", "return redis.call('get', KEYS[1])", "1", "b"))
                .isEqualTo("-NOPERM No permissions to access a key");
        String check = "return redis.acl_check_cmd('set','a','1')";
        assertThat(other.run("EVAL", check, "0")).isEqualTo("$-1");
        assertThat(server.run("EVAL", check, "0")).isEqualTo(":1");
        assertThat(server.run("ACL", "LOG")).contains("$7 context $3 lua $6 object $3 set");
    }

    @Test
    void deletedUserMayDoNothing() {
        user("+@all", "~*", "&*");
        assertThat(server.run("ACL", "DELUSER", "u", "nobody")).isEqualTo(":1");
        assertThat(other.client().isUnrestricted()).isFalse();
        assertThat(server.run("ACL", "DELUSER", "default"))
                .isEqualTo("-ERR The 'default' user cannot be removed");
        assertThat(server.run("ACL", "USERS")).isEqualTo("*1 $7 default");
    }
}

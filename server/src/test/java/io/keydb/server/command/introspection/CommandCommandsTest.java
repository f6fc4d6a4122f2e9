package io.keydb.server.command.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** COMMAND tells of commands what stock tells of them. */
class CommandCommandsTest {
    private static final String ONE_KEY =
            "$12 begin_search *4 $4 type $5 index $4 spec *2 $5 index :1 $9 find_keys *4 $4 type"
                    + " $5 range $4 spec *6 $7 lastkey :0 $7 keystep :1 $5 limit :0";

    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void factsOfACommandAreThoseOfStock() {
        assertThat(server.run("COMMAND", "INFO", "get"))
                .isEqualTo(
                        "*1 *10 $3 get :2 *2 +readonly +fast :1 :1 :1 *3 +@read +@string +@fast *0"
                                + " *1 *6 $5 flags *2 +RO +access "
                                + ONE_KEY
                                + " *0");
        assertThat(server.run("COMMAND", "INFO", "SET"))
                .isEqualTo(
                        "*1 *10 $3 set :-3 *2 +write +denyoom :1 :1 :1 *3 +@write +@string +@slow"
                                + " *0 *1 *8 $5 notes $48 RW and ACCESS due to the optional `GET`"
                                + " argument $5 flags *4 +RW +access +update +variable_flags "
                                + ONE_KEY
                                + " *0");
        assertThat(server.run("COMMAND", "INFO", "mset"))
                .contains("$4 mset :-3 *2 +write +denyoom :1 :-1 :2 ")
                .contains("*2 $26 request_policy:multi_shard $29 response_policy:all_succeeded")
                .contains("$7 lastkey :-1 $7 keystep :2 $5 limit :0");
        assertThat(server.run("COMMAND", "INFO", "object|encoding"))
                .startsWith("*1 *10 $15 object|encoding :3 *1 +readonly :2 :2 :1 ");
        assertThat(server.run("COMMAND", "INFO", "object"))
                .startsWith("*1 *10 $6 object :-2 *0 :0 :0 :0 ")
                .contains("$15 object|encoding", "$11 object|help");
    }

    @Test
    void unknownCommandsAreNull() {
        assertThat(server.run("COMMAND", "INFO", "nosuch", "get|x", "client|nosuch"))
                .isEqualTo("*3 $-1 $-1 $-1");
        assertThat(server.run("COMMAND", "DOCS", "nosuch")).isEqualTo("*0");
        server.run("HELLO", "3");
        assertThat(server.run("COMMAND", "INFO", "nosuch")).isEqualTo("*1 _");
        assertThat(server.run("COMMAND", "DOCS", "nosuch")).isEqualTo("%0");
    }

    @Test
    void inProtocolThreeFlagsAreSetsAndKeySpecificationsMaps() {
        server.run("HELLO", "3");
        assertThat(server.run("COMMAND", "INFO", "get"))
                .startsWith("*1 *10 $3 get :2 ~2 +readonly +fast :1 :1 :1 ~3 +@read ")
                .contains("%3 $5 flags ~2 +RO +access $12 begin_search %2 $4 type");
    }

    @Test
    void allCommandsAreCountedListedAndDescribed() {
        int count = server.table().commands().size();
        assertThat(server.run("COMMAND", "COUNT")).isEqualTo(":" + count);
        assertThat(server.run("COMMAND")).startsWith("*" + count + " *10 ");
        assertThat(server.run("COMMAND", "INFO")).startsWith("*" + count + " *10 ");
        assertThat(server.run("COMMAND", "LIST"))
                .startsWith("*" + server.table().all().size() + " $")
                .contains(" $11 client|list ");
        assertThat(server.run("COMMAND", "DOCS")).startsWith("*" + 2 * count + " $");
    }

    @Test
    void listsAreFiltered() {
        assertThat(list("PATTERN", "GETR*")).isEqualTo("*1 $8 getrange");
        assertThat(list("PATTERN", "client|setn*")).isEqualTo("*1 $14 client|setname");
        assertThat(list("ACLCAT", "transaction").split(" ", -1))
                .contains("*5", "multi", "exec", "watch", "unwatch", "discard");
        assertThat(list("ACLCAT", "nosuch")).isEqualTo("*0");
        assertThat(list("MODULE", "x")).isEqualTo("*0");
        assertThat(list("FOO", "x")).isEqualTo("-ERR syntax error");
        assertThat(server.run("COMMAND", "LIST", "FOO")).isEqualTo("-ERR syntax error");
        assertThat(server.run("COMMAND", "LIST", "FILTERBY", "PATTERN"))
                .isEqualTo("-ERR syntax error");
    }

    @Test
    void documentationIsATreeOfArguments() {
        assertThat(server.run("COMMAND", "DOCS", "expire"))
                .startsWith("*2 $6 expire *12 $7 summary ")
                .contains("$5 since $5 1.0.0 $5 group $7 generic $10 complexity $4 O(1)")
                .contains("$7 history *1 *2 $5 7.0.0 $41 Added options: `NX`, `XX`, `GT` and `LT`.")
                .contains("*6 $4 name $3 key $4 type $3 key $14 key_spec_index :0")
                .contains("$4 name $7 seconds $4 type $7 integer")
                .contains("$4 type $5 oneof $5 flags *1 +optional $9 arguments *4")
                .contains("$4 name $2 nx $4 type $10 pure-token $5 token $2 NX");
        assertThat(server.run("COMMAND", "DOCS", "getset"))
                .contains("$9 doc_flags *1 +deprecated $16 deprecated_since $5 6.2.0")
                .contains("$11 replaced_by $30 `SET` with the `!GET` argument");
        assertThat(server.run("COMMAND", "DOCS", "object"))
                .contains("$11 subcommands *12 ")
                .contains("$15 object|encoding");
        assertThat(server.run("COMMAND", "DOCS", "client|id")).startsWith("*2 $9 client|id ");
    }

    @Test
    void keysOfARequestAreFound() {
        assertThat(keys("GET", "a")).isEqualTo("*1 $1 a");
        assertThat(keys("MSET", "a", "1", "b", "2")).isEqualTo("*2 $1 a $1 b");
        assertThat(keys("MSET", "a", "1", "b")).isEqualTo("*2 $1 a $1 b");
        assertThat(keys("COPY", "a", "b", "DB", "3")).isEqualTo("*2 $1 a $1 b");
        assertThat(keys("LCS", "a", "b", "LEN")).isEqualTo("*2 $1 a $1 b");
        assertThat(keys("OBJECT", "ENCODING", "k")).isEqualTo("*1 $1 k");
        assertThat(keys("EXISTS", "a", "a")).isEqualTo("*2 $1 a $1 a");
        assertThat(keys("EVAL", "return 1", "1", "k")).isEqualTo("*1 $1 k");
        assertThat(keys("EVAL", "return 1", "0")).isEqualTo("*0");
        assertThat(keys("EVAL", "return 1", "nonsense")).isEqualTo("*0");
        assertThat(keys("ZUNION", "0", "a"))
                .isEqualTo("-ERR Invalid arguments specified for command");
        for (long promised : new long[] {2, 3, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
            assertThat(keys("ZUNION", Long.toString(promised), "a"))
                    .isEqualTo("-ERR Invalid arguments specified for command");
        }
        assertThat(keys("NOSUCH", "a")).isEqualTo("-ERR Invalid command specified");
        assertThat(keys("GET", "a", "b"))
                .isEqualTo("-ERR Invalid number of arguments specified for command");
        assertThat(keys("PING", "a")).isEqualTo("-ERR The command has no key arguments");
        assertThat(keys("SCAN", "0")).isEqualTo("-ERR The command has no key arguments");
        assertThat(server.run("COMMAND", "GETKEYS", "GET"))
                .isEqualTo("-ERR wrong number of arguments for 'command|getkeys' command");
    }

    @Test
    void whatIsDoneWithTheKeysDependsOnTheOptions() {
        assertThat(server.run("COMMAND", "GETKEYSANDFLAGS", "SET", "k", "v"))
                .isEqualTo("*1 *2 $1 k *2 +OW +update");
        assertThat(server.run("COMMAND", "GETKEYSANDFLAGS", "SET", "k", "v", "get"))
                .isEqualTo("*1 *2 $1 k *3 +RW +access +update");
        assertThat(server.run("COMMAND", "GETKEYSANDFLAGS", "RENAME", "a", "b"))
                .isEqualTo("*2 *2 $1 a *3 +RW +access +delete *2 $1 b *2 +OW +update");
    }

    @Test
    void wrongCallsAreRefused() {
        assertThat(server.run("COMMAND", "NOSUCH"))
                .isEqualTo("-ERR unknown subcommand 'NOSUCH'. Try COMMAND HELP.");
        assertThat(server.run("COMMAND", "COUNT", "x"))
                .isEqualTo("-ERR wrong number of arguments for 'command|count' command");
        assertThat(server.run("COMMAND", "HELP")).startsWith("*").contains("GETKEYSANDFLAGS");
    }

    private String list(String filter, String value) {
        return server.run("COMMAND", "LIST", "FILTERBY", filter, value);
    }

    private String keys(String... request) {
        String[] command = new String[request.length + 2];
        command[0] = "COMMAND";
        command[1] = "GETKEYS";
        System.arraycopy(request, 0, command, 2, request.length);
        return server.run(command);
    }
}

package io.keydb.server.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Libraries in process: what they register, what is told to the log, how they are carried over. */
class FunctionCommandsTest {
    private static final String LIBRARY =
            "#!lua name=lib\nredis.register_function('add', function(keys, args) return"
                    + " redis.call('incrby', keys[1], args[1]) end)";

    private final CommandTester server = new CommandTester();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void functionsGetKeysAndArguments() {
        assertThat(server.run("FUNCTION", "LOAD", LIBRARY)).isEqualTo("$3 lib");
        assertThat(server.run("FCALL", "add", "1", "k", "5")).isEqualTo(":5");
        assertThat(server.run("FCALL", "ADD", "1", "k", "5")).isEqualTo(":10");
    }

    @Test
    void librariesAreToldAndCallsLeaveTheirEffects() {
        server.run("FUNCTION", "LOAD", LIBRARY);
        server.run("FCALL", "add", "1", "k", "5");
        server.run("FUNCTION", "DELETE", "lib");
        server.run("FUNCTION", "FLUSH");
        assertThat(server.takeEffects())
                .containsExactly(
                        "0: FUNCTION LOAD " + LIBRARY,
                        "0: incrby k 5",
                        "0: FUNCTION DELETE lib",
                        "0: FUNCTION FLUSH");
    }

    @Test
    void aFailedLoadLeavesNothing() {
        server.run("FUNCTION", "LOAD", LIBRARY);
        server.takeEffects();
        assertThat(server.run("FUNCTION", "LOAD", "REPLACE", "#!lua name=lib\nreturn 1"))
                .isEqualTo("-ERR No functions registered");
        assertThat(server.run("FCALL", "add", "1", "k", "1")).isEqualTo(":1");
        assertThat(server.takeEffects()).containsExactly("0: incrby k 1");
    }

    @Test
    void aDumpRestores() {
        server.run("FUNCTION", "LOAD", LIBRARY);
        String dump = server.bulk("FUNCTION", "DUMP");
        assertThat(server.run("FUNCTION", "RESTORE", dump))
                .isEqualTo("-ERR Library lib already exists");
        assertThat(server.run("FUNCTION", "RESTORE", dump, "REPLACE")).isEqualTo("+OK");
        server.run("FUNCTION", "FLUSH");
        assertThat(server.run("FUNCTION", "RESTORE", dump, "APPEND")).isEqualTo("+OK");
        assertThat(server.run("FUNCTION", "RESTORE", dump, "FLUSH")).isEqualTo("+OK");
        assertThat(server.run("FCALL", "add", "1", "k", "5")).isEqualTo(":5");
    }

    @Test
    void restoringCollidingFunctionsChangesNothing() {
        server.run("FUNCTION", "LOAD", LIBRARY);
        String dump = server.bulk("FUNCTION", "DUMP");
        server.run("FUNCTION", "FLUSH");
        server.run("FUNCTION", "LOAD", LIBRARY.replace("name=lib", "name=other"));
        assertThat(server.run("FUNCTION", "RESTORE", dump))
                .isEqualTo("-ERR Function add already exists");
        assertThat(server.run("FUNCTION", "LOAD", LIBRARY))
                .isEqualTo("-ERR Function add already exists");
        assertThat(server.run("FCALL", "add", "1", "k", "5")).isEqualTo(":5");
    }

    @Test
    void flagsDecideWhatIsRefused() {
        server.run(
                "FUNCTION",
                "LOAD",
                "#!lua name=lib\nredis.register_function{function_name='r', callback=function()"
                        + " return redis.call('get', 'k') end, flags={'no-writes'}}\n"
                        + "redis.register_function('w', function() return redis.call('set', 'k', 1)"
                        + " end)");
        server.conditions().raise(Condition.READ_ONLY_REPLICA);
        assertThat(server.run("FCALL", "r", "0")).isEqualTo("$-1");
        assertThat(server.run("FCALL", "w", "0"))
                .isEqualTo("-READONLY You can't write against a read only replica.");
        server.conditions().clear(Condition.READ_ONLY_REPLICA);
        assertThat(server.run("FCALL_RO", "w", "0"))
                .isEqualTo("-ERR Can not execute a script with write flag using *_ro command.");
        assertThat(server.run("FCALL", "w", "0")).isEqualTo("+OK");
    }

    /** The payload of a bulk reply whose line ends show as blanks. */
}

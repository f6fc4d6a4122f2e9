package io.keydb.server.cron;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Condition;
import io.keydb.server.keyspace.ActiveExpiry;
import io.keydb.server.keyspace.EventClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Jobs run when they are due; the clock is moved by hand, and workers are the test's own thread.
 */
class CronRunsTest {
    private static final long SECOND = 1_000_000_000;
    private static final String COUNT = "return redis.call('INCR', KEYS[1])";

    private final CommandTester tester = new CommandTester();
    private final ActiveExpiry expiry = new ActiveExpiry(tester.keyspace());
    private final List<Runnable> work = new ArrayList<>();
    private boolean isOwner = true;

    CronRunsTest() {
        expiry.dueJobs(
                new CronRuns(tester.keyspace(), tester.dispatcher(), work::add, origin -> isOwner));
    }

    @AfterEach
    void close() {
        tester.close();
    }

    private void passes(long millis) {
        tester.clock().advanceMillis(millis);
        cycle();
    }

    private void cycle() {
        expiry.cycle(SECOND);
        for (List<Runnable> now = List.copyOf(work); !now.isEmpty(); now = List.copyOf(work)) {
            work.clear();
            now.forEach(Runnable::run);
        }
    }

    private void cron(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "KEYDB.CRON";
        System.arraycopy(words, 0, all, 1, words.length);
        assertThat(tester.run(all)).isEqualTo("+OK");
        tester.takeEffects();
    }

    @Test
    void aSingleJobRunsOnceAndIsGone() {
        cron("job", "SINGLE", "1000", COUNT, "1", "n");
        passes(999);
        assertThat(tester.run("GET", "n")).isEqualTo("$-1");
        passes(1);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        assertThat(tester.run("EXISTS", "job")).isEqualTo(":0");
        assertThat(tester.takeEffects()).containsExactly("0: DEL job", "0: INCR n");
        passes(5000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
    }

    @Test
    void aRepeatedJobKeepsItsTimes() {
        cron("job", "REPEAT", "1700000000000", "1000", COUNT, "1", "n");
        passes(1000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        List<String> effects = tester.takeEffects();
        assertThat(effects).hasSize(2);
        assertThat(effects.getFirst()).startsWith("0: RESTORE job 0 @").contains("1700000002000");
        assertThat(effects.getLast()).isEqualTo("0: INCR n");
        passes(999);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        passes(1);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 2");
        passes(3456); // what was missed is left out
        assertThat(tester.run("GET", "n")).isEqualTo("$1 3");
        cycle();
        assertThat(tester.run("GET", "n")).isEqualTo("$1 3");
        passes(543);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 3");
        passes(1);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 4");
    }

    @Test
    void aJobFromTheStartOfTimeTakesItsTimesFromItsFirstRun() {
        tester.clock().advanceMillis(345);
        cron("job", "REPEAT", "0", "1000", COUNT, "1", "n");
        cycle();
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        passes(999);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        passes(1);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 2");
    }

    @Test
    void keysAndArgumentsAreGivenInTheDatabaseOfTheJob() {
        tester.run("SELECT", "5");
        cron("job", "SINGLE", "1", "redis.call('SET', KEYS[1], ARGV[1] .. #ARGV)", "1", "k", "v");
        passes(1);
        assertThat(tester.run("GET", "k")).isEqualTo("$2 v1");
        tester.run("SELECT", "0");
        assertThat(tester.run("GET", "k")).isEqualTo("$-1");
    }

    @Test
    void whatIsDoneToTheKeyOfAJobHolds() {
        cron("job", "REPEAT", "1000", COUNT, "1", "n");
        tester.run("DEL", "job");
        passes(2000);
        cron("job", "REPEAT", "1000", COUNT, "1", "n");
        tester.run("SET", "job", "x");
        passes(2000);
        cron("job", "REPEAT", "1000", COUNT, "1", "n");
        tester.run("FLUSHDB");
        passes(2000);
        assertThat(tester.run("GET", "n")).isEqualTo("$-1");
        cron("job", "REPEAT", "1000", COUNT, "1", "n");
        tester.run("RENAME", "job", "other");
        passes(1000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        tester.run("COPY", "other", "copy");
        passes(1000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 3");
        tester.run("EXPIRE", "copy", "1");
        tester.clock().advanceMillis(1001);
        tester.run("EXISTS", "copy");
        cycle();
        assertThat(tester.run("GET", "n")).isEqualTo("$1 4");
    }

    @Test
    void aScriptMayDeleteOrRenewItsOwnJob() {
        cron("job", "REPEAT", "1000", "redis.call('DEL', 'job') redis.call('INCR', 'n')");
        passes(1000);
        passes(1000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        cron(
                "job",
                "SINGLE",
                "1000",
                "redis.call('KEYDB.CRON', 'job', 'SINGLE', 3000, ARGV[1]) redis.call('INCR', 'n')",
                "0",
                "redis.call('SET', 'n', 'done')");
        passes(1000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 2");
        passes(3000);
        assertThat(tester.run("GET", "n")).isEqualTo("$4 done");
        assertThat(tester.run("EXISTS", "job")).isEqualTo(":0");
    }

    @Test
    void aScriptThatFailsRunsAgain() {
        cron("job", "REPEAT", "1000", "redis.call('INCR', 'n') error('no')");
        cron("wrong", "REPEAT", "1000", "this is no script");
        passes(1000);
        passes(1000);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 2");
        assertThat(tester.run("EXISTS", "job", "wrong")).isEqualTo(":2");
    }

    @Test
    void aJobThatIsRefusedStaysDue() {
        cron("job", "SINGLE", "1000", COUNT, "1", "n");
        tester.conditions().raise(Condition.SAVE_FAILED);
        passes(1000);
        assertThat(tester.run("EXISTS", "job")).isEqualTo(":1");
        tester.conditions().clear(Condition.SAVE_FAILED);
        cycle();
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
    }

    @Test
    void nothingRunsWhileTheDataStandStillOrAnotherNodeIsInCharge() {
        cron("job", "SINGLE", "1000", COUNT, "1", "n");
        tester.run("CLIENT", "PAUSE", "1500", "WRITE");
        passes(1000);
        tester.run("CLIENT", "UNPAUSE");
        isOwner = false;
        cycle();
        assertThat(tester.run("EXISTS", "job")).isEqualTo(":1");
        isOwner = true;
        cycle();
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
    }

    @Test
    void aDumpHasAllOfAJob() {
        cron("job", "SINGLE", "1000", COUNT, "1", "n");
        String payload = tester.bulk("DUMP", "job");
        tester.run("DEL", "job");
        assertThat(tester.run("RESTORE", "other", "0", payload)).isEqualTo("+OK");
        passes(999);
        assertThat(tester.run("GET", "n")).isEqualTo("$-1");
        passes(1);
        assertThat(tester.run("GET", "n")).isEqualTo("$1 1");
        assertThat(tester.run("EXISTS", "other")).isEqualTo(":0");
    }

    @Test
    void listenersHearOfRuns() {
        List<String> heard = new ArrayList<>();
        tester.keyspace()
                .events()
                .listen(
                        Set.of(EventClass.GENERIC),
                        (event, database, key) ->
                                heard.add(event + " " + new String(key.bytes(), US_ASCII)));
        cron("job", "REPEAT", "1000", "return 1");
        passes(1000);
        assertThat(heard).containsExactly("CRON Executed job");
    }
}

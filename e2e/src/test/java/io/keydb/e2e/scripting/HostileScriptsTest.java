package io.keydb.e2e.scripting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts that mean harm answer, fail or are killed. After each the server answers others, and the
 * next script finds everything as it was; at the end nothing has been read, written or started
 * outside, and memory is back. {@code -Dhostile.seed=N} repeats a run, {@code -Dhostile.scripts=N}
 * sets its length.
 */
class HostileScriptsTest {
    private static final int SCRIPTS = Integer.getInteger("hostile.scripts", 1000);
    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());

    /** A script that takes longer is killed. */
    private static final long PATIENCE_MILLIS = 15;

    private static final long STACK_BYTES = 256L << 20;
    private static final long SLACK_BYTES = 4L << 20;
    private static final String SECRET = "the secret of the file";
    private static final String ESCAPED = "has escaped";

    /** What scripts share, with all tables that can be reached: names, types, and what they do. */
    private static final String INVENTORY =
            """
            local seen, found = {}, {}
            local function walk(path, t)
              if seen[t] then return end
              seen[t] = true
              for k, v in pairs(t) do
                if not (path == '_G' and (k == 'KEYS' or k == 'ARGV')) then
                  found[#found + 1] = path .. '.' .. tostring(k) .. ' ' .. type(v)
                  if type(v) == 'table' then walk(path .. '.' .. tostring(k), v) end
                  if type(v) == 'number' then found[#found] = found[#found] .. ' ' .. v end
                end
              end
              local m = getmetatable(t)
              if type(m) == 'table' then walk(path .. '()', m) end
            end
            walk('_G', _G)
            walk("''", getmetatable(''))
            table.sort(found)
            math.randomseed(5)
            return {table.concat(found, '\\n'), #KEYS, #ARGV, tostring(pcall(function() x = 1 end)),
                ('%d %s'):format(7, 'x'), cmsgpack.unpack(cmsgpack.pack('y')), bit.band(6, 3),
                struct.unpack('b', struct.pack('b', 5)), math.random(1000), redis.sha1hex('z'),
                redis.call('ping').ok, collectgarbage('count') < 1024 * 1024}
            """;

    private final Path folder;

    HostileScriptsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** How a script is sent, and how it is killed. */
    private enum Way {
        EVAL("SCRIPT"),
        EVAL_RO("SCRIPT"),
        EXEC("SCRIPT"),
        FUNCTION("FUNCTION"),
        LIBRARY("FUNCTION");

        private final String killer;

        Way(String killer) {
            this.killer = killer;
        }

        List<List<String>> requests(String script) {
            return switch (this) {
                case EVAL -> List.of(List.of("EVAL", script, "1", "k", "a"));
                case EVAL_RO -> List.of(List.of("EVAL_RO", script, "0"));
                case EXEC ->
                        List.of(List.of("MULTI"), List.of("EVAL", script, "0"), List.of("EXEC"));
                case FUNCTION ->
                        List.of(
                                load(
                                        "redis.register_function('f', function(KEYS, ARGV) "
                                                + script
                                                + " end)"),
                                List.of("FCALL", "f", "1", "k", "a"));
                case LIBRARY -> List.of(load(script));
            };
        }

        private static List<String> load(String code) {
            return List.of("FUNCTION", "LOAD", "REPLACE", "#!lua name=hostile\n" + code);
        }
    }

    @Test
    void nothingIsHarmed() throws Exception {
        ServerLaunch launch = ServerLaunch.ours().with("--busy-reply-threshold", "20");
        assumeTrue(launch.isPossible(), launch.reasonImpossible());
        Path secret = Files.writeString(folder.resolve("secret"), SECRET);
        HostileScripts scripts = new HostileScripts(SEED, secret.toString());
        System.out.println("hostile scripts, seed " + SEED);
        try (ServerProcess server = launch.start();
                RespClient caller = server.connect();
                RespClient control = server.connect();
                ExecutorService reader = reader()) {
            String inventory = control.call("EVAL", INVENTORY, "0").raw();
            long before = memory(control);
            int killed = 0;
            for (int i = 0; i < SCRIPTS; i++) {
                String script = scripts.next();
                Way way = Way.values()[scripts.choose(Way.values().length)];
                String told = "script " + i + ", seed " + SEED + ", by " + way + ":\n" + script;
                try {
                    killed += run(way, script, caller, control, reader, told);
                    assertThat(control.call("PING").isSimple("PONG")).as(told).isTrue();
                    assertThat(control.call("EVAL", INVENTORY, "0").raw())
                            .as(told)
                            .isEqualTo(inventory);
                } catch (IOException lost) {
                    throw new AssertionError(told + "\n" + tail(server.log()), lost);
                }
            }
            long resident = server.usage().residentBytes() >> 20;
            System.out.println(
                    "%d scripts, %d killed, %d MB resident".formatted(SCRIPTS, killed, resident));
            control.call("FLUSHALL");
            control.call("SCRIPT", "FLUSH");
            control.call("FUNCTION", "FLUSH");
            control.call("EVAL", INVENTORY, "0");
            assertThat(memory(control)).isLessThan(before + SLACK_BYTES);
            assertThat(server.log()).doesNotContain("please report", "Exception", SECRET);
            assertThat(ProcessHandle.of(server.pid()).orElseThrow().children()).isEmpty();
        }
        assertThat(Files.readString(secret)).isEqualTo(SECRET);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(secret);
        }
    }

    /** Sends a script and waits for its replies; gives 1 when it had to be killed. */
    private static int run(
            Way way,
            String script,
            RespClient caller,
            RespClient control,
            ExecutorService reader,
            String told)
            throws Exception {
        int killed = 0;
        for (List<String> request : way.requests(script)) {
            Future<RespReply> reply = reader.submit(() -> caller.call(request));
            if (!isDone(reply)) {
                killed = 1;
                while (!reply.isDone()) {
                    control.call(way.killer, "KILL");
                }
            }
            try {
                assertThat(reply.get().raw())
                        .as(told)
                        .doesNotContain(SECRET, ESCAPED, "internal error");
            } catch (ExecutionException failed) {
                throw new IOException(failed.getCause());
            }
        }
        return killed;
    }

    private static boolean isDone(Future<RespReply> reply) throws Exception {
        try {
            reply.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failed) {
            return true;
        }
    }

    /** Replies may be nested deeply, which takes stack. */
    private static ExecutorService reader() {
        return Executors.newSingleThreadExecutor(
                task -> new Thread(null, task, "reader", STACK_BYTES));
    }

    private static long memory(RespClient control) throws IOException {
        long sum = 0;
        List<String> counted = new ArrayList<>(List.of("used_memory:", "used_memory_vm_total:"));
        for (String line : control.call("INFO", "memory").text().split("\r\n")) {
            for (String name : counted) {
                if (line.startsWith(name)) {
                    sum += Long.parseLong(line.substring(name.length()));
                }
            }
        }
        return sum;
    }

    private static String tail(String log) {
        return log.substring(Math.max(0, log.length() - 4000));
    }
}

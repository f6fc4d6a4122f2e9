package io.keydb.server.cron;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keydb.server.client.Client;
import io.keydb.server.command.Call;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.cron.CronCommands;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.DueJobs;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.cron.CronJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs that are due, one after the other, each as a transaction of a client with all
 * rights:
 *
 * <pre>
 *   WATCH key     is it still due?
 *   MULTI
 *   KEYDB.CRON key REPEAT start delay script ...     its next time; or DEL key, when it runs once
 *   EVAL script ...
 *   EXEC
 * </pre>
 *
 * So the run and the next time are one unit of the log: after a failure neither is there without
 * the other. The script comes last, and what it does to its own key holds. A job that is refused
 * (no memory, a failing disk, too few replicas) stays due.
 *
 * <p>Threads: {@link #due} by any; jobs run on one worker at a time, whose objects the rest are.
 */
public final class CronRuns implements DueJobs {
    private static final Logger LOG = LoggerFactory.getLogger(CronRuns.class);
    private static final String EXECUTED = "CRON Executed";
    private static final byte[] WATCH = ascii("WATCH");
    private static final byte[] UNWATCH = ascii("UNWATCH");
    private static final byte[] MULTI = ascii("MULTI");
    private static final byte[] CRON = ascii("KEYDB.CRON");
    private static final byte[] DEL = ascii("DEL");
    private static final byte[] EVAL = ascii("EVAL");
    private static final byte[] EXEC = ascii("EXEC");

    private final Keyspace keyspace;
    private final Dispatcher dispatcher;
    private final Executor workers;
    private final JobOwner owner;
    private final Queue<Job> queue = new ConcurrentLinkedQueue<>();
    private final Set<Job> known = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isRunning = new AtomicBoolean();

    private final Client client;
    private final Call call;
    private final ReplyWriter reply = new ReplyWriter(new NativeReplySpace());

    /** A key that is due; its name is kept as Latin-1. */
    private record Job(Database database, String key) {
        byte[] bytes() {
            return key.getBytes(ISO_8859_1);
        }
    }

    /**
     * @param workers where jobs run
     */
    public CronRuns(Keyspace keyspace, Dispatcher dispatcher, Executor workers, JobOwner owner) {
        this.keyspace = keyspace;
        this.dispatcher = dispatcher;
        this.workers = workers;
        this.owner = owner;
        this.client = new Client(0, null, keyspace.database(0), keyspace.clock().millis());
        this.call = dispatcher.newCall();
        client.trust();
    }

    @Override
    public void due(Database database, Key key, long record) {
        if (!owner.runsJobsOf(Record.origin(record))) {
            return;
        }
        Job job = new Job(database, new String(key.bytes(), ISO_8859_1));
        if (known.add(job)) {
            queue.add(job);
            begin();
        }
    }

    private void begin() {
        if (!queue.isEmpty() && isRunning.compareAndSet(false, true)) {
            try {
                workers.execute(this::runAll);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("No job runs any more: the server stops");
            }
        }
    }

    private void runAll() {
        try {
            for (Job job = queue.poll(); job != null; job = queue.poll()) {
                try {
                    run(job);
                } finally {
                    known.remove(job);
                }
            }
        } finally {
            isRunning.set(false);
        }
        begin(); // one may have come meanwhile
    }

    private void run(Job job) {
        client.database(job.database());
        byte[] key = job.bytes();
        send(WATCH, List.of(key));
        CronJob value = stillDue(job.database(), key);
        if (value == null) {
            send(UNWATCH, List.of());
            return;
        }
        send(MULTI, List.of());
        if (value.isSingle()) {
            send(DEL, List.of(key));
        } else {
            send(CRON, next(value, key));
        }
        send(EVAL, CronCommands.scriptWords(value));
        String outcome = send(EXEC, List.of());
        if (outcome.startsWith("*2")) {
            ran(job, outcome);
        } else {
            LOG.debug("Cron job {} did not run: {}", job.key(), outcome);
        }
    }

    private @Nullable CronJob stillDue(Database database, byte[] name) {
        try (OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            bytes.append(name);
            Key key = new Key().set(bytes.address(), name.length);
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                long record = keyspace.standsStill() ? 0 : database.peek(key);
                boolean isDue =
                        record != 0
                                && Record.type(record) == Record.CRON
                                && CronJob.due(record) <= keyspace.clock().millis();
                return isDue ? CronJob.of(record) : null;
            } finally {
                partition.unlock();
            }
        }
    }

    private List<byte[]> next(CronJob value, byte[] key) {
        CronJob next =
                new CronJob(
                        value.dueAfter(keyspace.clock().millis()),
                        value.intervalMillis(),
                        false,
                        value.script(),
                        value.keys(),
                        value.arguments());
        List<byte[]> words = new ArrayList<>();
        words.add(key);
        words.addAll(CronCommands.words(next));
        return words;
    }

    private void ran(Job job, String outcome) {
        int first = outcome.indexOf("\r\n") + 2;
        int second = outcome.indexOf("\r\n", first) + 2;
        if (outcome.startsWith("-", second)) {
            LOG.warn("Cron job {} failed: {}", job.key(), outcome.substring(second + 1).strip());
        }
        if (keyspace.events().isWanted(EventClass.GENERIC)) {
            tell(job);
        }
    }

    private void tell(Job job) {
        byte[] name = job.bytes();
        try (OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            bytes.append(name);
            Key key = new Key().set(bytes.address(), name.length);
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                keyspace.events().tell(EventClass.GENERIC, EXECUTED, job.database(), key);
            } finally {
                partition.unlock();
            }
        }
    }

    /** Runs a command; gives its reply as it would be sent. */
    private String send(byte[] name, List<byte[]> words) {
        try (OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages());
                Request request = new Request()) {
            bytes.append(name);
            words.forEach(bytes::append);
            long at = bytes.address();
            request.add(at, name.length);
            at += name.length;
            for (byte[] word : words) {
                request.add(at, word.length);
                at += word.length;
            }
            reply.clear();
            dispatcher.run(call, client, request, reply);
            return new String(reply.bytes(), ISO_8859_1);
        } finally {
            reply.clear();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}

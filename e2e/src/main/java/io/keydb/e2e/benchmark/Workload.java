package io.keydb.e2e.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * One kind of load: a command that is sent again and again.
 *
 * <p>In a command {@code __rand_int__} is a number below {@link #KEYS} with twelve digits, another
 * one each time; {@code VALUE} stands for {@link #VALUE_BYTES} bytes.
 *
 * @param title what it is called in reports, without the pipeline
 * @param pipeline requests on the way per connection
 * @param command the request
 * @param preparation requests that are sent once before each run
 * @param filling a request that is sent as often as the workload before each run, or nothing
 *     <p>Threads: immutable.
 */
record Workload(
        String title,
        int pipeline,
        List<String> command,
        List<List<String>> preparation,
        List<String> filling) {

    static final int CONNECTIONS = 50;
    static final int KEYS = 100_000;
    static final int VALUE_BYTES = 32;

    private static final int MANY = 1000;
    private static final int SCORES = 10_000;

    /** The workloads of {@code docs/benchmarks.md}, in its order. */
    static List<Workload> all() {
        List<Workload> all = new ArrayList<>();
        all.add(plain("SET", 1, "SET key:__rand_int__ VALUE"));
        all.add(plain("GET", 1, "GET key:__rand_int__").filled("SET key:__rand_int__ VALUE"));
        all.addAll(pipelined());
        return all;
    }

    /** Those that run with a pipeline of 16. */
    static List<Workload> pipelined() {
        return List.of(
                plain("SET", 16, "SET key:__rand_int__ VALUE"),
                plain("GET", 16, "GET key:__rand_int__").filled("SET key:__rand_int__ VALUE"),
                plain("INCR", 16, "INCR counter:__rand_int__"),
                plain("MSET of 10", 16, "MSET" + " key:__rand_int__ VALUE".repeat(10)),
                plain("LPUSH", 16, "LPUSH list VALUE").prepared("DEL list"),
                plain("LPOP", 16, "LPOP list").prepared("DEL list").filled("LPUSH list VALUE"),
                plain("LRANGE of 100", 16, "LRANGE range 0 99")
                        .prepared("DEL range", numbered("RPUSH range", "element:")),
                plain("SADD", 16, "SADD set element:__rand_int__").prepared("DEL set"),
                plain("HSET", 16, "HSET hash field:__rand_int__ VALUE").prepared("DEL hash"),
                plain("HGET", 16, "HGET hash field:__rand_int__")
                        .prepared("DEL hash")
                        .filled("HSET hash field:__rand_int__ VALUE"),
                plain("HGETALL of 10", 16, "HGETALL small")
                        .prepared("DEL small", "HSET small" + fields(10)),
                plain("ZADD", 16, "ZADD zset __rand_int__ element:__rand_int__")
                        .prepared("DEL zset"),
                plain("ZRANGE of 100", 16, "ZRANGE ranks 5000 5099")
                        .prepared(scored("DEL ranks", "ZADD ranks")),
                plain("ZRANGEBYSCORE of 100", 16, "ZRANGEBYSCORE scores 5000 5099")
                        .prepared(scored("DEL scores", "ZADD scores")),
                plain("XADD", 16, "XADD stream * field VALUE").prepared("DEL stream"));
    }

    private static Workload plain(String title, int pipeline, String command) {
        return new Workload(title, pipeline, words(command), List.of(), List.of());
    }

    private Workload prepared(String... requests) {
        return new Workload(title, pipeline, command, requests(List.of(requests)), filling);
    }

    private Workload prepared(List<String> requests) {
        return new Workload(title, pipeline, command, requests(requests), filling);
    }

    private Workload filled(String request) {
        return new Workload(title, pipeline, command, preparation, words(request));
    }

    private static List<List<String>> requests(List<String> requests) {
        return requests.stream().map(Workload::words).toList();
    }

    /** The words of a request as {@code redis-benchmark} takes them. */
    static List<String> words(String request) {
        return List.of(request.replace("VALUE", "x".repeat(VALUE_BYTES)).split(" "));
    }

    /** One request with a thousand numbered elements. */
    private static String numbered(String request, String prefix) {
        StringBuilder all = new StringBuilder(request);
        for (int i = 0; i < MANY; i++) {
            all.append(' ').append(prefix).append(i);
        }
        return all.toString();
    }

    private static String fields(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(" field").append(i).append(" value-of-field-").append(i);
        }
        return all.toString();
    }

    /** Removes the key and gives it ten thousand members, a thousand in each request. */
    private static List<String> scored(String remove, String add) {
        List<String> all = new ArrayList<>(List.of(remove));
        for (int from = 0; from < SCORES; from += MANY) {
            StringBuilder request = new StringBuilder(add);
            for (int i = from; i < from + MANY; i++) {
                request.append(' ').append(i).append(" element:").append(i);
            }
            all.add(request.toString());
        }
        return all;
    }

    /** The title with the pipeline. */
    String fullTitle() {
        return title + ", pipeline " + pipeline;
    }
}

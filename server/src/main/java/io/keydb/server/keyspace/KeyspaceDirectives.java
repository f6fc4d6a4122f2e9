package io.keydb.server.keyspace;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.util.List;

/**
 * Directives of databases, expiry and the limit of memory.
 *
 * <p>Threads: immutable.
 */
public final class KeyspaceDirectives {
    private KeyspaceDirectives() {}

    /** Every database has tables in every partition, so an empty one is not free. */
    private static final int MOST_DATABASES = 1024;

    public static final Directive<Long> DATABASES =
            directive("databases")
                    .integer(16, 1, MOST_DATABASES)
                    .doc("Number of databases, numbered from 0.");

    public static final Directive<Long> PARTITIONS =
            directive("keyspace-partitions")
                    .integer(Keyspace.MOST_PARTITIONS, 1, Keyspace.MOST_PARTITIONS)
                    .checked(KeyspaceDirectives::powerOfTwo)
                    .doc(
                            "Into how many parts keys are divided, each with a lock of its own: a"
                                    + " power of two. With 1, every command locks everything.");

    public static final Directive<Long> MAXMEMORY =
            directive("maxmemory")
                    .memory(0)
                    .mutable()
                    .doc("Memory beyond which `maxmemory-policy` acts; 0 sets no limit.");

    public static final Directive<MemoryPolicy> MAXMEMORY_POLICY =
            directive("maxmemory-policy")
                    .choice(MemoryPolicy.NOEVICTION)
                    .mutable()
                    .doc(
                            "What happens to a write beyond `maxmemory`. `noeviction` refuses it"
                                    + " with an error; the others make room by removing keys, of"
                                    + " all keys or of those that expire: the ones not accessed"
                                    + " for longest (`lru`), accessed least often (`lfu`),"
                                    + " expiring next (`ttl`), or any (`random`).");

    public static final Directive<Long> HZ =
            directive("hz")
                    .integer(10, 0, Integer.MAX_VALUE)
                    .checked(frequency -> Math.clamp(frequency, 1L, 500L))
                    .mutable()
                    .doc(
                            "Background rounds per second: active expiry, idle clients, statistics."
                                    + " Kept between 1 and 500.");

    public static final Directive<Long> ACTIVE_EXPIRE_EFFORT =
            directive("active-expire-effort")
                    .integer(1, 1, 10)
                    .mutable()
                    .doc(
                            "How much time a background round may spend on expired keys nobody asks"
                                    + " for, from 1 to 10.");

    public static final List<Directive<?>> ALL =
            List.of(DATABASES, PARTITIONS, MAXMEMORY, MAXMEMORY_POLICY, HZ, ACTIVE_EXPIRE_EFFORT);

    private static Long powerOfTwo(Long partitions) throws InvalidValue {
        if (Long.bitCount(partitions) != 1) {
            throw new InvalidValue("argument must be a power of two");
        }
        return partitions;
    }
}

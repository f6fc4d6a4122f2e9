package io.keydb.server.keyspace;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import java.util.List;

/**
 * The five {@code lazyfree} directives. Big values are always freed in slices here, by a worker, so
 * what is left of them is how replicas are told of a removal: with {@code DEL} or {@code UNLINK}.
 *
 * <p>Threads: safe.
 */
public final class LazyFreeing {
    public static final Directive<Boolean> EVICTION =
            directive("lazyfree-lazy-eviction")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Whether replicas are told with `UNLINK` instead of `DEL` of a key that"
                                    + " was evicted.");

    public static final Directive<Boolean> EXPIRE =
            directive("lazyfree-lazy-expire")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Whether replicas are told with `UNLINK` instead of `DEL` of a key"
                                    + " whose time had come.");

    public static final Directive<Boolean> SERVER_DEL =
            directive("lazyfree-lazy-server-del")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Whether replicas are told with `UNLINK` instead of `DEL` of a key"
                                    + " that a command has emptied as a whole. Here big values are"
                                    + " always freed in slices.");

    public static final Directive<Boolean> USER_DEL =
            directive("lazyfree-lazy-user-del")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Of no consequence: `DEL` always frees big values in slices, as"
                                    + " `UNLINK` does.");

    public static final Directive<Boolean> USER_FLUSH =
            directive("lazyfree-lazy-user-flush")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Of no consequence: `FLUSHALL` and `FLUSHDB` always free what they"
                                    + " remove in slices.");

    /** The directives. */
    public static final List<Directive<?>> ALL =
            List.of(EVICTION, EXPIRE, SERVER_DEL, USER_DEL, USER_FLUSH);

    private volatile boolean evictions;
    private volatile boolean expiries;
    private volatile boolean emptied;

    LazyFreeing() {}

    /** Goes by the directives from now on. */
    public void follow(Configuration configuration) {
        take(configuration);
        configuration.onChange(() -> take(configuration), ALL.toArray(Directive<?>[]::new));
    }

    private void take(Configuration from) {
        evictions = from.value(EVICTION);
        expiries = from.value(EXPIRE);
        emptied = from.value(SERVER_DEL);
    }

    /** Whether the end of an evicted key is told as UNLINK instead of DEL. */
    public boolean ofEvicted() {
        return evictions;
    }

    /** Whether the end of an expired key is told as UNLINK instead of DEL. */
    public boolean ofExpired() {
        return expiries;
    }

    /** Whether the end of a key that a command has emptied is told as UNLINK instead of DEL. */
    public boolean ofEmptied() {
        return emptied;
    }

    /** Sets it without a directive. */
    public void ofEmptied(boolean yes) {
        emptied = yes;
    }
}

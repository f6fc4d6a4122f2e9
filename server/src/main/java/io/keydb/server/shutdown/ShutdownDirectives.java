package io.keydb.server.shutdown;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.DirectiveType;
import io.keydb.server.config.InvalidValue;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Directives of the end of the server.
 *
 * <p>Threads: immutable.
 */
public final class ShutdownDirectives {
    private ShutdownDirectives() {}

    public static final Directive<Long> SHUTDOWN_TIMEOUT =
            directive("shutdown-timeout")
                    .integer(10, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Seconds for which the end of the server waits for replicas and peers"
                                    + " that lag; meanwhile clients read, and their writes wait."
                                    + " Together with the time a dump takes it should stay below"
                                    + " what the supervisor allows"
                                    + " (`terminationGracePeriodSeconds`).");

    public static final Directive<Set<ShutdownOption>> SHUTDOWN_ON_SIGINT =
            directive("shutdown-on-sigint")
                    .form(new Options(), Set.of())
                    .mutable()
                    .doc("What SIGINT does, in the words of `SHUTDOWN`.");

    public static final Directive<Set<ShutdownOption>> SHUTDOWN_ON_SIGTERM =
            directive("shutdown-on-sigterm")
                    .form(new Options(), Set.of())
                    .mutable()
                    .doc("What SIGTERM does, in the words of `SHUTDOWN`.");

    public static final Directive<Boolean> SOFT_SHUTDOWN =
            directive("soft-shutdown")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "A first SIGTERM or SIGINT does what `SHUTDOWN SOFT` does: lets nobody"
                                    + " in any more and ends when the last client has left. A"
                                    + " second one waits for no client. The supervisor must give"
                                    + " clients that time (`terminationGracePeriodSeconds`).");

    public static final List<Directive<?>> ALL =
            List.of(SHUTDOWN_TIMEOUT, SHUTDOWN_ON_SIGINT, SHUTDOWN_ON_SIGTERM, SOFT_SHUTDOWN);

    /** Any of the options that go together, or {@code default} for none. */
    private record Options() implements DirectiveType<Set<ShutdownOption>> {
        private static final String NONE = "default";

        @Override
        public Set<ShutdownOption> parse(List<String> words) throws InvalidValue {
            if (words.isEmpty()) {
                throw noOption();
            }
            Set<ShutdownOption> options = EnumSet.noneOf(ShutdownOption.class);
            for (String word : words) {
                if (!word.equalsIgnoreCase(NONE)) {
                    options.add(option(word));
                }
            }
            if (ShutdownOption.isContradiction(options)) {
                throw new InvalidValue(
                        "shutdown options SAVE and NOSAVE can't be used simultaneously");
            }
            return Collections.unmodifiableSet(options);
        }

        private static ShutdownOption option(String word) throws InvalidValue {
            for (ShutdownOption option : ShutdownOption.values()) {
                if (option.name().equalsIgnoreCase(word)) {
                    return option;
                }
            }
            throw noOption();
        }

        private static InvalidValue noOption() {
            return new InvalidValue(
                    "argument(s) must be one of the following: default, save, nosave, now, force");
        }

        @Override
        public String print(Set<ShutdownOption> options) {
            return options.isEmpty()
                    ? NONE
                    : options.stream()
                            .map(option -> option.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(" "));
        }

        @Override
        public String syntax() {
            return "default | save | nosave | now | force, those that go together";
        }

        @Override
        public boolean takesSeveralWords() {
            return true;
        }
    }
}

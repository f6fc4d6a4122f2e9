package io.keydb.server.net;

import io.keydb.server.config.DirectiveType;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.config.MemorySize;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many unsent bytes a connection of each class may have: {@code client-output-buffer-limit}.
 *
 * <p>Threads: immutable.
 */
public record OutputLimits(Limit normal, Limit replica, Limit pubsub) {
    /** As stock has them. */
    public static final OutputLimits DEFAULT =
            new OutputLimits(
                    Limit.NONE,
                    new Limit(256L << 20, 64L << 20, 60),
                    new Limit(32L << 20, 8L << 20, 60));

    /**
     * Beyond {@code hardBytes} a connection ends at once, beyond {@code softBytes} after so many
     * seconds without a break; 0 bytes are no limit.
     */
    public record Limit(long hardBytes, long softBytes, long softSeconds) {
        static final Limit NONE = new Limit(0, 0, 0);

        @Override
        public String toString() {
            return hardBytes + " " + softBytes + " " + softSeconds;
        }
    }

    /** The limit of a class. */
    public Limit of(OutputClass which) {
        return switch (which) {
            case NORMAL -> normal;
            case REPLICA -> replica;
            case PUBSUB -> pubsub;
        };
    }

    /** The same, but replicas have none here. */
    public OutputLimits withoutReplicas() {
        return new OutputLimits(normal, Limit.NONE, pubsub);
    }

    private OutputLimits with(Map<OutputClass, Limit> changes) {
        return new OutputLimits(
                changes.getOrDefault(OutputClass.NORMAL, normal),
                changes.getOrDefault(OutputClass.REPLICA, replica),
                changes.getOrDefault(OutputClass.PUBSUB, pubsub));
    }

    /**
     * Quadruples of class, hard limit, soft limit and seconds; classes not named stay as they are.
     */
    public record Form() implements DirectiveType<Form.Value> {
        private static final int WORDS = 4;

        /** Limits, and which of them were given. */
        public record Value(OutputLimits limits, Map<OutputClass, Limit> given) {}

        @Override
        public Value parse(List<String> words) throws InvalidValue {
            List<String> parts = new ArrayList<>();
            for (String word : words) {
                for (String part : word.split(" ")) {
                    if (!part.isEmpty()) {
                        parts.add(part);
                    }
                }
            }
            if (parts.isEmpty() || parts.size() % WORDS != 0) {
                throw new InvalidValue("Wrong number of arguments in buffer limit configuration.");
            }
            Map<OutputClass, Limit> given = new EnumMap<>(OutputClass.class);
            for (int i = 0; i < parts.size(); i += WORDS) {
                given.put(className(parts.get(i)), limit(parts.subList(i + 1, i + WORDS)));
            }
            return new Value(DEFAULT.with(given), Map.copyOf(given));
        }

        private static OutputClass className(String word) throws InvalidValue {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "normal" -> OutputClass.NORMAL;
                case "slave", "replica" -> OutputClass.REPLICA;
                case "pubsub" -> OutputClass.PUBSUB;
                default ->
                        throw new InvalidValue(
                                "Invalid client class specified in buffer limit configuration.");
            };
        }

        private static Limit limit(List<String> words) throws InvalidValue {
            try {
                long seconds = Long.parseLong(words.get(2));
                if (seconds >= 0) {
                    return new Limit(
                            MemorySize.parse(words.get(0)),
                            MemorySize.parse(words.get(1)),
                            seconds);
                }
            } catch (NumberFormatException | InvalidValue wrong) {
                // told below
            }
            throw new InvalidValue(
                    "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
        }

        @Override
        public Value combined(Value former, Value given, boolean again) {
            return new Value(former.limits().with(given.given()), Map.of());
        }

        @Override
        public String print(Value value) {
            return String.join(" ", lines(value));
        }

        @Override
        public List<String> lines(Value value) {
            OutputLimits limits = value.limits();
            return List.of(
                    "normal " + limits.normal(),
                    "slave " + limits.replica(),
                    "pubsub " + limits.pubsub());
        }

        @Override
        public String syntax() {
            return "class hard-limit soft-limit soft-seconds, as often as there are classes";
        }

        @Override
        public boolean takesSeveralWords() {
            return true;
        }
    }
}

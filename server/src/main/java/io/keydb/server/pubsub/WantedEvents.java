package io.keydb.server.pubsub;

import io.keydb.server.config.InvalidValue;
import io.keydb.server.keyspace.EventClass;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which keyspace events are published and where, as {@code notify-keyspace-events} says.
 *
 * @param classes the classes of events
 * @param byKey whether each is published to the channel of its key
 * @param byEvent whether each is published to the channel of its name
 *     <p>Threads: immutable.
 */
record WantedEvents(Set<EventClass> classes, boolean byKey, boolean byEvent) {

    static WantedEvents parse(String text) throws InvalidValue {
        Set<EventClass> classes = EnumSet.noneOf(EventClass.class);
        boolean byKey = false;
        boolean byEvent = false;
        for (char letter : text.toCharArray()) {
            switch (letter) {
                case 'K' -> byKey = true;
                case 'E' -> byEvent = true;
                case 'A' -> addAll(classes);
                default -> classes.add(classOf(letter));
            }
        }
        return new WantedEvents(classes, byKey, byEvent);
    }

    private static void addAll(Set<EventClass> classes) {
        for (EventClass one : EventClass.values()) {
            if (one.isInAll()) {
                classes.add(one);
            }
        }
    }

    private static EventClass classOf(char letter) throws InvalidValue {
        for (EventClass one : EventClass.values()) {
            if (one.letter() == letter) {
                return one;
            }
        }
        throw new InvalidValue("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    }

    /** The text that says the same in stock's order; stock would forget {@code n} beside an A. */
    String text() {
        Set<EventClass> ofAll = EnumSet.noneOf(EventClass.class);
        addAll(ofAll);
        StringBuilder text = new StringBuilder();
        boolean all = classes.containsAll(ofAll);
        if (all) {
            text.append('A');
        } else {
            for (EventClass one : EventClass.values()) {
                if (one != EventClass.KEY_MISS && classes.contains(one)) {
                    text.append(one.letter());
                }
            }
        }
        text.append(byKey ? "K" : "").append(byEvent ? "E" : "");
        text.append(classes.contains(EventClass.KEY_MISS) ? "m" : "");
        text.append(all && classes.contains(EventClass.NEW) ? "n" : "");
        return text.toString();
    }
}

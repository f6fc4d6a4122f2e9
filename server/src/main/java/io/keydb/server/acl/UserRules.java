package io.keydb.server.acl;

import io.keydb.server.command.Command;
import io.keydb.server.command.Denial.Reason;
import io.keydb.server.resp.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is known of a user at one time, but the name. A change makes a new one of it ({@link
 * UserDraft}), so whoever has read it sees one state.
 *
 * <p>Threads: immutable.
 *
 * @param isOn whether one may authenticate as the user
 * @param takesAnyPassword {@code nopass}
 * @param sanitizes whether payloads of RESTORE are checked; here they always are, the flag is told
 * @param passwords digests, oldest first
 * @param selectors the first is the user's own, it is always there
 */
record UserRules(
        boolean isOn,
        boolean takesAnyPassword,
        boolean sanitizes,
        List<String> passwords,
        List<Selector> selectors) {

    UserRules {
        passwords = List.copyOf(passwords);
        selectors = List.copyOf(selectors);
    }

    /** The default user as it is at first. */
    static UserRules everything() {
        return new UserRules(true, true, true, List.of(), List.of(Selector.everything()));
    }

    /** A user that was deleted. */
    static UserRules nothing() {
        return new UserRules(false, false, true, List.of(), List.of(Selector.nothing()));
    }

    Selector root() {
        return selectors.getFirst();
    }

    boolean isUnrestricted() {
        for (Selector selector : selectors) {
            if (selector.isUnrestricted()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a new client is this user without having to authenticate. */
    boolean isOpen() {
        return isOn && takesAnyPassword;
    }

    boolean accepts(byte[] password) {
        return isOn && (takesAnyPassword || Passwords.matchesAny(passwords, password));
    }

    /** Checks a request; gives what {@link Selector#check} gives. */
    long check(Command command, Request request) {
        long worst = Selector.denial(Reason.COMMAND, 0);
        for (int i = 0; i < selectors.size(); i++) {
            long result = selectors.get(i).check(command, request);
            if (result == Selector.ALLOWED) {
                return result;
            }
            worst = Math.max(worst, result);
        }
        return worst;
    }

    /** Whether one selector allows the request, and every key to be read besides. */
    boolean allowsReadingAllKeys(Command command, Request request) {
        for (Selector selector : selectors) {
            if (selector.readsAllKeys() && selector.check(command, request) == Selector.ALLOWED) {
                return true;
            }
        }
        return false;
    }

    boolean allowsAllChannels() {
        return selectors.stream().anyMatch(Selector::isAllChannels);
    }

    /** The channels of all selectors. */
    List<ChannelPattern> channels() {
        return selectors.stream().flatMap(selector -> selector.channels().stream()).toList();
    }

    /** The flags as words. */
    List<String> flags() {
        List<String> flags = new ArrayList<>();
        flags.add(isOn ? "on" : "off");
        if (takesAnyPassword) {
            flags.add("nopass");
        }
        flags.add(sanitizes ? "sanitize-payload" : "skip-sanitize-payload");
        return flags;
    }

    /** The rules that make a new user equal to this one. */
    String describe() {
        List<String> words = new ArrayList<>(flags());
        passwords.forEach(digest -> words.add("#" + digest));
        words.add(root().describe());
        for (Selector selector : selectors.subList(1, selectors.size())) {
            words.add("(" + selector.describe() + ")");
        }
        return String.join(" ", words);
    }
}

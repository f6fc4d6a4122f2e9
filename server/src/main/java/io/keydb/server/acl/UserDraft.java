package io.keydb.server.acl;

import io.keydb.server.command.CommandTable;
import io.keydb.server.config.WordSplitter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@link UserRules} in the making: takes one rule after the other, as ACL SETUSER and lines of
 * files have them.
 *
 * <p>Threads: confined to the caller.
 */
final class UserDraft {
    private final CommandTable table;
    private final boolean channelsByDefault;
    private final List<String> passwords = new ArrayList<>();
    private final List<SelectorDraft> selectors = new ArrayList<>();
    private boolean isOn;
    private boolean takesAnyPassword;
    private boolean sanitizes = true;

    /**
     * A new user, who may nothing.
     *
     * @param channelsByDefault whether every channel is allowed until a rule says otherwise
     */
    UserDraft(CommandTable table, boolean channelsByDefault) {
        this.table = table;
        this.channelsByDefault = channelsByDefault;
        selectors.add(new SelectorDraft(table, channelsByDefault));
    }

    /** A user to be changed. */
    UserDraft(CommandTable table, boolean channelsByDefault, UserRules from) {
        this.table = table;
        this.channelsByDefault = channelsByDefault;
        passwords.addAll(from.passwords());
        from.selectors().forEach(selector -> selectors.add(new SelectorDraft(table, selector)));
        isOn = from.isOn();
        takesAnyPassword = from.takesAnyPassword();
        sanitizes = from.sanitizes();
    }

    UserRules finish() {
        return new UserRules(
                isOn,
                takesAnyPassword,
                sanitizes,
                passwords,
                selectors.stream().map(SelectorDraft::finish).toList());
    }

    /** Forgets all passwords but this one; an empty one stands for none. */
    void onlyPassword(byte[] password) {
        anyPassword(password.length == 0);
        if (password.length > 0) {
            addPassword(Passwords.digest(password));
        }
    }

    /** Makes all selectors anew, as commands have come or gone. */
    void commandsChanged() {
        selectors.forEach(SelectorDraft::commandsChanged);
    }

    /** Takes rules one after the other. */
    UserDraft take(String... rules) throws RuleError {
        for (String rule : rules) {
            take(rule);
        }
        return this;
    }

    /** Takes a rule; an empty one is none. */
    void take(String rule) throws RuleError {
        if (rule.isEmpty()) {
            return;
        }
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "on" -> isOn = true;
            case "off" -> isOn = false;
            case "skip-sanitize-payload" -> sanitizes = false;
            case "sanitize-payload" -> sanitizes = true;
            case "nopass" -> anyPassword(true);
            case "resetpass" -> anyPassword(false);
            case "clearselectors" -> clearSelectors();
            case "reset" -> reset();
            default -> takeOther(rule);
        }
    }

    private void takeOther(String rule) throws RuleError {
        String rest = rule.substring(1);
        switch (rule.charAt(0)) {
            case '>' -> addPassword(digest(rest));
            case '#' -> addPassword(Passwords.checkedDigest(rest));
            case '<' -> removePassword(digest(rest));
            case '!' -> removePassword(Passwords.checkedDigest(rest));
            case '(' -> {
                if (rule.endsWith(")")) {
                    addSelector(rule.substring(1, rule.length() - 1));
                } else {
                    selectors.getFirst().take(rule);
                }
            }
            default -> selectors.getFirst().take(rule);
        }
    }

    private static String digest(String password) {
        return Passwords.digest(password.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void anyPassword(boolean yes) {
        takesAnyPassword = yes;
        passwords.clear();
    }

    private void addPassword(String digest) {
        if (!passwords.contains(digest)) {
            passwords.add(digest);
        }
        takesAnyPassword = false;
    }

    private void removePassword(String digest) throws RuleError {
        if (!passwords.remove(digest)) {
            throw new RuleError(RuleError.Reason.NO_SUCH_PASSWORD);
        }
    }

    private void addSelector(String rules) throws RuleError {
        SelectorDraft selector = new SelectorDraft(table, channelsByDefault);
        List<String> words = WordSplitter.split(rules, StandardCharsets.ISO_8859_1);
        if (words == null) {
            throw new RuleError(RuleError.Reason.SYNTAX);
        }
        for (String word : words) {
            selector.take(word);
        }
        selectors.add(selector);
    }

    private void clearSelectors() {
        selectors.subList(1, selectors.size()).clear();
    }

    private void reset() throws RuleError {
        take("resetpass", "resetkeys", "resetchannels");
        if (channelsByDefault) {
            take("allchannels");
        }
        take("off", "sanitize-payload", "clearselectors", "-@all");
    }
}

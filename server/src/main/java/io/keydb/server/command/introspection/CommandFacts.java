package io.keydb.server.command.introspection;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.KeyFlag;
import io.keydb.server.command.KeySpec;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;

/**
 * One command as COMMAND INFO tells it: name, arity, flags, first key, last key, step, ACL
 * categories, tips, key specifications, subcommands.
 *
 * <p>Threads: immutable.
 */
final class CommandFacts {
    private CommandFacts() {}

    static void reply(ReplyWriter reply, Command command) {
        reply.array(10);
        reply.bulk(command.fullName());
        reply.integer(command.arity());
        // Stock tells nobody of this one.
        boolean hidden = command.has(CommandFlag.MAY_REPLICATE);
        reply.set(command.flags().size() - (hidden ? 1 : 0));
        for (CommandFlag flag : command.flags()) {
            if (flag == CommandFlag.MAY_REPLICATE) {
                continue;
            }
            simple(reply, flag.wireName());
        }
        replyRange(reply, command);
        reply.set(command.categories().size());
        for (AclCategory category : command.categories()) {
            simple(reply, category.wireName());
        }
        reply.set(command.tips().size());
        command.tips().forEach(reply::bulk);
        reply.set(command.keySpecs().size());
        command.keySpecs().forEach(spec -> replySpec(reply, spec));
        if (command.isContainer()) {
            reply.array(command.subcommands().size());
        } else {
            // An empty set in RESP3, though a container has a list: so stock says it.
            reply.set(0);
        }
        command.subcommands().forEach(subcommand -> reply(reply, subcommand));
    }

    /** First key, last key and step, as far as fixed positions can tell. */
    private static void replyRange(ReplyWriter reply, Command command) {
        int first = 0;
        int last = 0;
        int step = 0;
        for (KeySpec spec : command.keySpecs()) {
            if (spec.begin() instanceof KeySpec.AtIndex(int index)
                    && spec.find() instanceof KeySpec.Range range) {
                int specLast = range.last() >= 0 ? index + range.last() : range.last();
                if (first == 0 || index < first) {
                    first = index;
                }
                last =
                        last < 0 || specLast < 0
                                ? Math.min(last, specLast)
                                : Math.max(last, specLast);
                step = Math.max(step, range.step());
            }
        }
        reply.integer(first);
        reply.integer(last);
        reply.integer(step);
    }

    private static void replySpec(ReplyWriter reply, KeySpec spec) {
        reply.map(spec.notes().isEmpty() ? 3 : 4);
        if (!spec.notes().isEmpty()) {
            reply.bulk("notes");
            reply.bulk(spec.notes());
        }
        reply.bulk("flags");
        reply.set(spec.flags().size());
        for (KeyFlag flag : spec.flags()) {
            simple(reply, flag.wireName());
        }
        reply.bulk("begin_search");
        switch (spec.begin()) {
            case KeySpec.AtIndex at -> {
                typed(reply, "index", 1);
                number(reply, "index", at.index());
            }
            case KeySpec.AtKeyword at -> {
                typed(reply, "keyword", 2);
                reply.bulk("keyword");
                reply.bulk(at.keyword());
                number(reply, "startfrom", at.startFrom());
            }
            case KeySpec.Unknown unknown -> typed(reply, "unknown", 0);
        }
        reply.bulk("find_keys");
        switch (spec.find()) {
            case KeySpec.Range range -> {
                typed(reply, "range", 3);
                number(reply, "lastkey", range.last());
                number(reply, "keystep", range.step());
                number(reply, "limit", range.limit());
            }
            case KeySpec.Counted counted -> {
                typed(reply, "keynum", 3);
                number(reply, "keynumidx", counted.countAt());
                number(reply, "firstkey", counted.firstKeyAt());
                number(reply, "keystep", counted.step());
            }
            case KeySpec.Unknown unknown -> typed(reply, "unknown", 0);
        }
    }

    private static void typed(ReplyWriter reply, String type, int fields) {
        reply.map(2);
        reply.bulk("type");
        reply.bulk(type);
        reply.bulk("spec");
        reply.map(fields);
    }

    private static void number(ReplyWriter reply, String name, long value) {
        reply.bulk(name);
        reply.integer(value);
    }

    private static void simple(ReplyWriter reply, String text) {
        reply.simple(text.getBytes(StandardCharsets.US_ASCII));
    }
}

package io.keydb.server.command.introspection;

import io.keydb.server.command.Command;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One command as COMMAND DOCS tells it. The tree of arguments comes from the command's syntax line.
 *
 * <p>Threads: immutable.
 */
final class CommandDocumentation {
    private CommandDocumentation() {}

    static void reply(ReplyWriter reply, Command command) {
        boolean deprecated = !command.deprecatedSince().isEmpty();
        List<Argument> arguments = Syntax.parse(command);
        long fields = 4;
        fields += deprecated ? 3 : 0;
        fields += command.module() == null ? 0 : 1;
        fields += command.isInternal() ? 1 : 0;
        fields += command.history().isEmpty() ? 0 : 1;
        fields += arguments.isEmpty() ? 0 : 1;
        fields += command.isContainer() ? 1 : 0;
        reply.map(fields);
        text(reply, "summary", command.summary());
        text(reply, "since", command.since());
        text(reply, "group", command.group().wireName());
        text(reply, "complexity", command.complexity());
        if (command.module() != null) {
            text(reply, "module", command.module());
        }
        if (command.isInternal()) {
            reply.bulk("doc_flags");
            reply.set(1);
            simple(reply, "syscmd");
        }
        if (deprecated) {
            reply.bulk("doc_flags");
            reply.set(1);
            simple(reply, "deprecated");
            text(reply, "deprecated_since", command.deprecatedSince());
            text(reply, "replaced_by", command.replacedBy());
        }
        if (!command.history().isEmpty()) {
            reply.bulk("history");
            reply.set(command.history().size());
            for (String[] change : command.history()) {
                reply.array(2);
                reply.bulk(change[0]);
                reply.bulk(change[1]);
            }
        }
        if (!arguments.isEmpty()) {
            reply.bulk("arguments");
            replyArguments(reply, arguments);
        }
        if (command.isContainer()) {
            reply.bulk("subcommands");
            reply.map(command.subcommands().size());
            for (Command subcommand : command.subcommands()) {
                reply.bulk(subcommand.fullName());
                reply(reply, subcommand);
            }
        }
    }

    private static void replyArguments(ReplyWriter reply, List<Argument> arguments) {
        reply.array(arguments.size());
        for (Argument argument : arguments) {
            replyArgument(reply, argument);
        }
    }

    private static void replyArgument(ReplyWriter reply, Argument argument) {
        long fields = 2;
        fields += argument.keySpec() >= 0 ? 1 : 0;
        fields += argument.hasToken() ? 1 : 0;
        fields += argument.flags().isEmpty() ? 0 : 1;
        fields += argument.parts().isEmpty() ? 0 : 1;
        reply.map(fields);
        text(reply, "name", argument.name());
        text(reply, "type", argument.type().wireName());
        if (argument.keySpec() >= 0) {
            reply.bulk("key_spec_index");
            reply.integer(argument.keySpec());
        }
        if (argument.hasToken()) {
            text(reply, "token", argument.token());
        }
        if (!argument.flags().isEmpty()) {
            reply.bulk("flags");
            reply.set(argument.flags().size());
            argument.flags().forEach(flag -> simple(reply, flag));
        }
        if (!argument.parts().isEmpty()) {
            reply.bulk("arguments");
            replyArguments(reply, argument.parts());
        }
    }

    private static void text(ReplyWriter reply, String name, String value) {
        reply.bulk(name);
        reply.bulk(value);
    }

    private static void simple(ReplyWriter reply, String text) {
        reply.simple(text.getBytes(StandardCharsets.US_ASCII));
    }
}

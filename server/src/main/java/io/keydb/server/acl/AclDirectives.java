package io.keydb.server.acl;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.client.AllowedCallers;
import io.keydb.server.config.Directive;
import io.keydb.server.config.RepeatedLine;
import java.util.List;

/**
 * Directives of users.
 *
 * <p>Threads: immutable.
 */
public final class AclDirectives {
    private AclDirectives() {}

    /** Which channels a new user may use. */
    public enum Channels {
        ALLCHANNELS,
        RESETCHANNELS
    }

    public static final Directive<String> ACLFILE =
            directive("aclfile")
                    .text("")
                    .doc(
                            "File of the users, one a line; read at the start and by ACL LOAD,"
                                    + " written by ACL SAVE. Excludes `user` lines.");

    public static final Directive<Channels> ACL_PUBSUB_DEFAULT =
            directive("acl-pubsub-default")
                    .choice(Channels.RESETCHANNELS)
                    .mutable()
                    .doc("Whether a new user may use no channel or all of them.");

    public static final Directive<Long> ACLLOG_MAX_LEN =
            directive("acllog-max-len")
                    .integer(128, 0, Long.MAX_VALUE)
                    .mutable()
                    .doc("Entries that ACL LOG keeps.");

    public static final Directive<List<List<String>>> USER =
            directive("user")
                    .form(new RepeatedLine(1, Integer.MAX_VALUE, "name and rules"), List.of())
                    .sensitive()
                    .fileOnly()
                    .doc("Defines a user, by a name and rules as ACL SETUSER takes; one a line.");

    public static final Directive<List<List<String>>> RENAME_COMMAND =
            directive("rename-command")
                    .form(new RepeatedLine(2, 2, "command and new name"), List.of())
                    .fileOnly()
                    .doc(
                            "Calls a command by another name, or by none when that is empty; one a"
                                    + " line. ACLs go on naming it as it was.");

    public static final Directive<AllowedCallers> ENABLE_PROTECTED_CONFIGS =
            directive("enable-protected-configs")
                    .choice(AllowedCallers.NO)
                    .doc(
                            "Who may set directives that reach beyond the data, as `dir`: nobody,"
                                    + " everybody, or clients on the same machine.");

    public static final Directive<AllowedCallers> ENABLE_MODULE_COMMAND =
            directive("enable-module-command")
                    .choice(AllowedCallers.NO)
                    .doc("Who may use MODULE: nobody, everybody, or clients on the same machine.");

    public static final List<Directive<?>> ALL =
            List.of(
                    ACLFILE,
                    ACL_PUBSUB_DEFAULT,
                    ACLLOG_MAX_LEN,
                    USER,
                    RENAME_COMMAND,
                    ENABLE_PROTECTED_CONFIGS,
                    ENABLE_MODULE_COMMAND);
}

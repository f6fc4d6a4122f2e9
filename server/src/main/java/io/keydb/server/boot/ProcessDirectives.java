package io.keydb.server.boot;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Directives of the process as the operating system sees it: who supervises it, what it is called,
 * how it is treated when memory runs out.
 *
 * <p>Threads: immutable.
 */
public final class ProcessDirectives {
    private ProcessDirectives() {}

    private static final int OOM_CLASSES = 3;
    private static final int LARGEST_OOM_VALUE = 2000;
    private static final Set<String> TITLE_VARIABLES =
            Set.of(
                    "title",
                    "listen-addr",
                    "server-mode",
                    "port",
                    "tls-port",
                    "unixsocket",
                    "config-file");

    /** What watches over the process. */
    public enum Supervisor {
        UPSTART,
        SYSTEMD,
        AUTO,
        NO
    }

    /** How `oom-score-adj-values` are meant. */
    public enum OomAdjustment {
        NO,
        YES,
        RELATIVE,
        ABSOLUTE
    }

    /** Where in the system's log messages belong. */
    public enum SyslogFacility {
        USER,
        LOCAL0,
        LOCAL1,
        LOCAL2,
        LOCAL3,
        LOCAL4,
        LOCAL5,
        LOCAL6,
        LOCAL7
    }

    public static final Directive<Boolean> DAEMONIZE =
            directive("daemonize")
                    .toggle(false)
                    .doc(
                            "Goes into the background: the process started last lives on in a"
                                    + " session of its own, the first one ends. Not when"
                                    + " `supervised` finds a supervisor.");

    public static final Directive<String> PIDFILE =
            directive("pidfile")
                    .optionalText()
                    .doc(
                            "File that holds the id of the process while it runs; in the background"
                                    + " `/var/run/redis.pid` when none is named.");

    public static final Directive<Supervisor> SUPERVISED =
            directive("supervised")
                    .choice(Supervisor.NO)
                    .doc(
                            "Who is told that the server is ready and that it stops: `systemd`"
                                    + " through `NOTIFY_SOCKET`; `auto` finds out; `upstart` is taken"
                                    + " as `no`.");

    public static final Directive<Boolean> SYSLOG_ENABLED =
            directive("syslog-enabled").toggle(false).doc("Logs to the log of the system too.");

    public static final Directive<String> SYSLOG_IDENT =
            directive("syslog-ident").text("redis").doc("Name of the program in syslog.");

    public static final Directive<SyslogFacility> SYSLOG_FACILITY =
            directive("syslog-facility")
                    .choice(SyslogFacility.LOCAL0)
                    .doc("Facility of the messages in syslog.");

    public static final Directive<Boolean> SET_PROC_TITLE =
            directive("set-proc-title")
                    .toggle(true)
                    .doc(
                            "Calls the process `keydb-server`, as `top` and `pgrep` show it,"
                                    + " instead of `java`.");

    public static final Directive<String> PROC_TITLE_TEMPLATE =
            directive("proc-title-template")
                    .text("{title} {listen-addr} {server-mode}")
                    .checked(ProcessDirectives::template)
                    .mutable()
                    .withoutEffect("The command line of a Java process cannot be written over.");

    public static final Directive<OomAdjustment> OOM_SCORE_ADJ =
            directive("oom-score-adj")
                    .choice(OomAdjustment.NO)
                    .checked(value -> value == OomAdjustment.RELATIVE ? OomAdjustment.YES : value)
                    .mutable()
                    .doc(
                            "Whether the kernel is told which process to end first when memory runs"
                                    + " out: `absolute` sets the values, `relative` or `yes` adds"
                                    + " them to what was there.");

    public static final Directive<List<String>> OOM_SCORE_ADJ_VALUES =
            directive("oom-score-adj-values")
                    .words(OOM_CLASSES, "0", "200", "800")
                    .checked(ProcessDirectives::oomValues)
                    .mutable()
                    .doc(
                            "Adjustments for a primary, a replica and a process in the background,"
                                    + " of which there is none.");

    public static final Directive<Boolean> DISABLE_THP =
            directive("disable-thp")
                    .toggle(true)
                    .doc(
                            "Keeps transparent huge pages out of the process where the system uses"
                                    + " them always: they take memory nobody asked for.");

    public static final List<Directive<?>> ALL =
            List.of(
                    DAEMONIZE,
                    PIDFILE,
                    SUPERVISED,
                    SYSLOG_ENABLED,
                    SYSLOG_IDENT,
                    SYSLOG_FACILITY,
                    SET_PROC_TITLE,
                    PROC_TITLE_TEMPLATE,
                    OOM_SCORE_ADJ,
                    OOM_SCORE_ADJ_VALUES,
                    DISABLE_THP);

    private static String template(String text) throws InvalidValue {
        Matcher variable = Pattern.compile("\\{([^{}]*)}").matcher(text);
        StringBuilder rest = new StringBuilder();
        while (variable.find()) {
            if (!TITLE_VARIABLES.contains(variable.group(1))) {
                throw badTemplate();
            }
            variable.appendReplacement(rest, "x");
        }
        variable.appendTail(rest);
        if (rest.toString().isBlank() || rest.indexOf("{") >= 0) {
            throw badTemplate();
        }
        return text;
    }

    private static InvalidValue badTemplate() {
        return new InvalidValue("template format is invalid or contains unknown variables");
    }

    private static List<String> oomValues(List<String> words) throws InvalidValue {
        if (words.size() != OOM_CLASSES) {
            throw new InvalidValue("wrong number of arguments");
        }
        List<String> values = new ArrayList<>();
        for (String word : words) {
            if (!word.matches("[+-]?[0-9]{1,9}")
                    || Math.abs(Integer.parseInt(word)) > LARGEST_OOM_VALUE) {
                throw new InvalidValue(
                        "Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
            }
            values.add(Integer.toString(Integer.parseInt(word)));
        }
        return List.copyOf(values);
    }
}

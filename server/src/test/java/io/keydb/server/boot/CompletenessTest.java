package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.Command;
import io.keydb.server.config.Directive;
import io.keydb.server.support.Statistic;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is declared is also known: nothing can be forgotten on the way to the server. */
class CompletenessTest {

    @Test
    void everyCommandIsInTheListOfItsClassAndInTheServer() throws Exception {
        try (Server server = TestServers.start()) {
            Set<Command> known = new HashSet<>(server.commands().all());
            for (Class<?> family : Declarations.classesNamed("Commands")) {
                List<?> all = Declarations.all(family);
                if (all != null) {
                    assertThat(known).as(family.getSimpleName()).containsAll(commands(all));
                    assertThat(withSubcommands(commands(all)))
                            .as("%s.ALL", family.getSimpleName())
                            .containsAll(Declarations.constants(family, Command.class));
                }
            }
        }
    }

    @Test
    void everyCommandIsDocumented() throws Exception {
        try (Server server = TestServers.start()) {
            for (Command command : server.commands().all()) {
                assertThat(command.summary()).as(command.name()).endsWith(".");
                assertThat(command.complexity()).as(command.name()).isNotEmpty();
            }
        }
    }

    @Test
    void everyDirectiveIsInTheListOfItsClassAndInTheRegistry() {
        List<Directive<?>> known = ServerDirectives.all().all();
        for (Class<?> group : Declarations.classesNamed("Directives")) {
            List<Directive> declared = Declarations.constants(group, Directive.class);
            if (!declared.isEmpty()) {
                assertThat(Declarations.all(group)).as("%s.ALL", group).isEqualTo(declared);
                assertThat(known.toArray()).as(group.getSimpleName()).contains(declared.toArray());
            }
        }
    }

    @Test
    void everyDirectiveIsDocumented() {
        for (Directive<?> directive : ServerDirectives.all().all()) {
            assertThat(directive.doc()).as(directive.name()).endsWith(".").hasSizeGreaterThan(10);
        }
    }

    @Test
    void everyStatisticHasASentenceAndAPlace() {
        Set<String> metrics = new HashSet<>();
        Set<String> fields = new HashSet<>();
        for (List<Statistic> declared : Declarations.statistics().values()) {
            for (Statistic statistic : declared) {
                assertThat(statistic.sentence()).endsWith(".").hasSizeGreaterThan(10);
                String name = statistic.field() + statistic.metric();
                assertThat(name).as(statistic.sentence()).isNotEmpty();
                assertThat(statistic.metric().isEmpty() || metrics.add(statistic.metric()))
                        .as("%s declared once", statistic.metric())
                        .isTrue();
                assertThat(statistic.field().isEmpty() || fields.add(statistic.field()))
                        .as("%s declared once", statistic.field())
                        .isTrue();
                assertThat(statistic.metric()).matches("|(redis|keydb)_[a-z_]+");
            }
        }
    }

    private static List<Command> commands(List<?> all) {
        return all.stream().map(Command.class::cast).toList();
    }

    private static Set<Command> withSubcommands(List<Command> commands) {
        Set<Command> all = new HashSet<>(commands);
        commands.forEach(command -> all.addAll(command.subcommands()));
        return all;
    }
}

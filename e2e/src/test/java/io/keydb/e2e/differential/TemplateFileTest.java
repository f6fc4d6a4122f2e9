package io.keydb.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateFileTest {

    private static final List<String> LINES =
            List.of(
                    "# a comment",
                    "",
                    "J = 7 7 7",
                    "!CONFIG SET hash-max-listpack-entries 4",
                    "3* ONE \"\\x00 K\" #{J}");

    @Test
    void aFileHasTemplatesByWeightLettersAndPreparations() {
        TemplateFile file = TemplateFile.parse("generic", LINES);
        assertThat(file.templates()).hasSize(3);
        assertThat(file.letters()).containsEntry('J', List.of("7", "7", "7"));
        assertThat(file.preparations())
                .containsExactly(List.of("CONFIG", "SET", "hash-max-listpack-entries", "4"));
        List<String> words = new RandomCommands(1, "generic", List.of(file), 1).next(0);
        assertThat(words).startsWith("ONE", "\0 K", "#7");
    }

    @Test
    void choicesRepetitionsAndCountsGiveWhatTheyPromise() {
        TemplateFile file =
                TemplateFile.parse(
                        "generic", List.of("J = 7", "<LEFT|RIGHT> #(J y) (J z)... [w|J w]"));
        RandomCommands random = new RandomCommands(5, "generic", List.of(file), 1);
        for (int i = 0; i < 200; i++) {
            List<String> words = new ArrayList<>(random.next(0));
            words.remove("BOGUS");
            assertThat(words.getFirst()).matches("(?i)left|right");
            assertThat(words.subList(1, words.size()))
                    .allMatch(word -> word.matches("[yzw]|-?[0-9]+|abc"));
        }
    }

    @Test
    void theSameSeedGivesTheSameCommands() {
        TemplateFile file = TemplateFile.parse("generic", List.of("SET K V [EX S|PX M]", "GET K"));
        RandomCommands one = new RandomCommands(3, "all", List.of(file), 2);
        RandomCommands other = new RandomCommands(3, "all", List.of(file), 2);
        for (int i = 0; i < 100; i++) {
            assertThat(one.next(i % 2)).isEqualTo(other.next(i % 2));
        }
    }

    @Test
    void aLineThatIsNoTemplateIsToldOf() {
        assertThatThrownBy(() -> Template.parse("generic", "GET [K"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET [K");
        assertThatThrownBy(() -> Template.parse("generic", "GET (K V)"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Template.parse("generic", "GET K]"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

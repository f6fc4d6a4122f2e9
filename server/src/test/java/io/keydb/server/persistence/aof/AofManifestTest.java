package io.keydb.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.persistence.DataFileException;
import org.junit.jupiter.api.Test;

final class AofManifestTest {

    @Test
    void whatARewriteLeavesBehindIsListedLatestFirst() throws Exception {
        AofManifest manifest =
                AofManifest.parse(
                        "file a.1.base.rdb seq 1 type b\nfile a.1.incr.aof seq 1 type i\n", "a");
        for (int i = 0; i < 2; i++) {
            AofManifest.Part first = manifest.nextIncrement("a");
            manifest = manifest.withIncrement(first).rewritten(manifest.nextBase("a", true), first);
        }
        String text =
                """
                file a.3.base.rdb seq 3 type b
                file a.2.incr.aof seq 2 type h
                file a.2.base.rdb seq 2 type h
                file a.1.incr.aof seq 1 type h
                file a.1.base.rdb seq 1 type h
                file a.3.incr.aof seq 3 type i
                """;
        assertThat(manifest.text()).isEqualTo(text);
        assertThat(AofManifest.parse(text, "a")).isEqualTo(manifest);
    }

    @Test
    void damageIsToldWithItsLine() {
        assertThatThrownBy(() -> AofManifest.parse("file a seq 1 type x\n", "m"))
                .isInstanceOf(DataFileException.class)
                .hasMessage("Unknown AOF file type: m, line 1: 'file a seq 1 type x'");
    }
}

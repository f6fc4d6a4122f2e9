package io.keydb.server.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.log.Origin;
import io.keydb.server.support.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node keeps in its directory survives restarts, and damage is told. */
class NodeFilesTest {
    private final TestClock clock = new TestClock(1_700_000_000_000L);

    private final Path directory;

    NodeFilesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void theIdStaysAndEveryRunHasAGreaterNumber() throws IOException {
        Origin first = NodeIdentity.beginRun(directory, clock);
        clock.advanceMillis(1);
        Origin second = NodeIdentity.beginRun(directory, clock);
        clock.setMillis(5);
        Origin third = NodeIdentity.beginRun(directory, clock);
        Origin fourth = NodeIdentity.beginRun(directory, clock);
        assertThat(List.of(second.node(), third.node(), fourth.node())).containsOnly(first.node());
        assertThat(List.of(first.run(), second.run(), third.run(), fourth.run()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(Files.readString(directory.resolve("node.id")).strip())
                .isEqualTo(first.node().hex());
    }

    @Test
    void aDamagedIdStopsTheStart() throws IOException {
        Files.writeString(directory.resolve("node.id"), "something else");
        assertThatThrownBy(() -> NodeIdentity.beginRun(directory, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("node.id");
    }

    @Test
    void linksAreReadBack() throws IOException {
        LinksFile file = new LinksFile(directory);
        assertThat(file.read()).isEmpty();
        List<Upstream> links = List.of(new Upstream("a.b.svc", 6379), new Upstream("::1", 1));
        file.write(links);
        assertThat(new LinksFile(directory).read()).isEqualTo(links);
        file.write(List.of());
        assertThat(file.read()).isEmpty();
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        Files.writeString(
                directory.resolve("links.conf"), "# comment\n\nreplicaof a 6379\nreplicaof b x\n");
        assertThatThrownBy(() -> new LinksFile(directory).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 4")
                .hasMessageContaining("replicaof b x");
    }
}

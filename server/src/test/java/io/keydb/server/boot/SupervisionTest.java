package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.boot.ProcessDirectives.Supervisor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor is found by its socket, and one that has gone hinders nothing. */
class SupervisionTest {
    private final Path folder;

    SupervisionTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void systemdIsFoundByItsSocket() {
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", "/run/systemd/notify");
        assertThat(Supervision.of(Supervisor.AUTO, environment).isSupervised()).isTrue();
        assertThat(Supervision.of(Supervisor.SYSTEMD, environment).isSupervised()).isTrue();
        assertThat(Supervision.of(Supervisor.NO, environment).isSupervised()).isFalse();
        assertThat(Supervision.of(Supervisor.AUTO, Map.of()).isSupervised()).isFalse();
    }

    @Test
    void aSocketThatIsNotThereHindersNothing() {
        String socket = folder.resolve("none").toString();
        assertThat(SystemCalls.sendDatagram(socket, "READY=1")).isFalse();
        Supervision gone = Supervision.of(Supervisor.SYSTEMD, Map.of("NOTIFY_SOCKET", socket));
        gone.ready();
        gone.stopping();
    }

    @Test
    void theFileWithTheProcessIdIsThereUntilTheEnd() {
        Path file = folder.resolve("a.pid");
        Runnable remove = PidFile.write(folder, "a.pid", false);
        assertThat(file).hasContent(ProcessHandle.current().pid() + "\n");
        remove.run();
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileThatCannotBeWrittenHindersNothing() {
        PidFile.write(folder, "none/a.pid", true).run();
        PidFile.write(folder, "", false).run();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aLogFileMayBeMovedAway() throws Exception {
        Path file = folder.resolve("a.log");
        ServerLog.open(file);
        ServerLog log = ServerLog.to(Optional.of(file));
        log.publish(new LogRecord(Level.INFO, "one"));
        Files.move(file, folder.resolve("b.log"));
        log.publish(new LogRecord(Level.WARNING, "two"));
        assertThat(Files.readString(folder.resolve("b.log"))).endsWith(" * one\n");
        assertThat(Files.readString(file)).endsWith(" # two\n");
    }
}

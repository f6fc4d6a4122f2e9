package io.keydb.server.persistence.aof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.log.ConstantBytes;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.Origin;
import io.keydb.server.log.Origins;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.PersistenceDirectives.FsyncPolicy;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is appended to the log comes into the file, and it is told how long the disk took. */
class AofWriterTest {
    private static final long GRACE_MILLIS = 30_000;

    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    @TempDir
    Path folder;

    private final Pages pages = new Pages();
    private final OrderedLog log =
            new OrderedLog(
                    pages,
                    new Origins(new Origin(new NodeId("a".repeat(40)), 1)),
                    64 * 1024,
                    1024 * 1024);
    private final Heard heard = new Heard();

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(log.release()).isTrue();
        assertThat(pages.bufferBytes()).isZero();
        pages.close();
    }

    @Test
    void tellsHowLongWritesAndSyncsTookThatClientsWaitFor() throws IOException {
        write("one", FsyncPolicy.ALWAYS, false);
        assertThat(heard.events)
                .containsExactly("aof-write-alone", "aof-write", "aof-fsync-always");
    }

    @Test
    void tellsOfWritesBesideAnotherFile() throws IOException {
        write("one", FsyncPolicy.EVERYSEC, true);
        assertThat(heard.events).containsExactly("aof-write-active-child", "aof-write");
    }

    private void write(String text, FsyncPolicy policy, boolean beside) throws IOException {
        Path path = folder.resolve("aof");
        AofWriter writer =
                new AofWriter(
                        Increment.create(path),
                        new Raw(),
                        pages,
                        new Fixed(policy, beside),
                        heard,
                        Clock.system());
        writer.follow(log);
        log.appendPlain(new ConstantBytes(text.getBytes(US_ASCII)));
        writer.end(log.position());
        assertThat(writer.awaitEnd(GRACE_MILLIS)).isTrue();
        assertThat(writer.synced().entries()).isEqualTo(log.position());
        assertThat(path).hasContent(text);
        assertThat(Files.size(path)).isEqualTo(writer.fileBytes());
    }

    private record Fixed(FsyncPolicy policy, boolean isAnotherFileWritten)
            implements AofWriter.Settings {
        @Override
        public long delayNanos() {
            return 0;
        }

        @Override
        public boolean hasTimestamps() {
            return false;
        }
    }

    /** Entries as they are in the log. */
    private static final class Raw implements AofForm.Entries {
        @Override
        public void restart() {}

        @Override
        public void write(LogReader entry, OffHeapBuffer to) {
            to.append(entry.plainAddress(), entry.plainLength());
        }

        @Override
        public boolean needBase() {
            return false;
        }

        @Override
        public void close() {}
    }

    private static final class Heard implements AofWriter.Listener {
        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void took(String event, long nanos) {
            events.add(event);
        }

        @Override
        public void moved() {}

        @Override
        public void failed(IOException failure) {
            events.add("failed");
        }

        @Override
        public void recovered() {}

        @Override
        public void needsBase() {}

        @Override
        public void ended(AofWriter writer) {}
    }
}

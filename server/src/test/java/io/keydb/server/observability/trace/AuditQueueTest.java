package io.keydb.server.observability.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.net.FlowControl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claim: nobody waits for the log, and it gets every line of who can be held back. */
@Timeout(60)
class AuditQueueTest {
    private static final int LINE_CHARS = 64 << 10;

    private final Semaphore disk = new Semaphore(0);
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final AuditQueue queue = new AuditQueue(this::write);
    private final FakeClient client = new FakeClient();

    /** Takes as many lines as the disk has permits. */
    private void write(String line) {
        disk.acquireUninterruptibly();
        written.add(line);
    }

    private static String line(int number) {
        return "x".repeat(LINE_CHARS - 4) + (1000 + number);
    }

    private List<String> add(int count) {
        List<String> added = IntStream.range(0, count).mapToObj(AuditQueueTest::line).toList();
        added.forEach(line -> queue.add(line, client));
        return added;
    }

    @Test
    void whoIsFasterThanTheDiskIsHeldBackOnceAndNothingIsLost() throws Exception {
        int fits = (int) (AuditQueue.FULL_CHARS / LINE_CHARS);
        List<String> added = new ArrayList<>(add(fits));
        assertThat(client.heldBack).hasValue(0);
        added.addAll(add(3));
        assertThat(client.heldBack).hasValue(1);
        assertThat(client.letGo.getCount()).isEqualTo(1);
        disk.release(added.size());
        client.letGo.await();
        queue.close();
        assertThat(written).isEqualTo(added);
    }

    @Test
    void whoComesAgainIsHeldBackAgain() throws Exception {
        int tooMany = (int) (AuditQueue.FULL_CHARS / LINE_CHARS) + 2;
        add(tooMany);
        disk.release(tooMany);
        client.letGo.await();
        queue.close();
        add(tooMany);
        assertThat(client.heldBack).hasValue(2);
        disk.release(tooMany);
        queue.close();
        assertThat(written).hasSize(2 * tooMany);
    }

    @Test
    void whatIsBeyondAllBoundsIsCounted() throws Exception {
        int most = (int) (AuditQueue.MOST_CHARS / LINE_CHARS);
        List<String> added = add(most + 10);
        disk.release(most + 1);
        client.letGo.await();
        queue.close();
        assertThat(written).hasSize(most + 1).containsAll(added.subList(0, most));
        assertThat(written)
                .filteredOn(line -> line.length() != LINE_CHARS)
                .containsExactly("Audit Log: 10 lines were lost, as they came too fast");
    }

    @Test
    void aLineLargerThanAllRoomIsWrittenAlone() throws Exception {
        String large = "x".repeat((int) AuditQueue.MOST_CHARS + 1);
        queue.add(large, client);
        disk.release();
        client.letGo.await();
        queue.close();
        assertThat(written).containsExactly(large);
    }

    private static final class FakeClient implements FlowControl {
        private final AtomicInteger heldBack = new AtomicInteger();
        private final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public void holdBack() {
            heldBack.incrementAndGet();
        }

        @Override
        public void letGo() {
            letGo.countDown();
        }
    }
}

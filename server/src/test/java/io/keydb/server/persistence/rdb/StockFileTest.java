package io.keydb.server.persistence.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.keyspace.snapshot.Digest;
import io.keydb.server.keyspace.snapshot.Snapshots;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.Reload;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of stock 7.0.15 with every type and encoding is loaded, and every value, and all together,
 * have the digest that server told.
 */
class StockFileTest {
    private static final String ALL = "7829f4c36987bbe228e11d5288f1cf173c0f9d46";

    private static final Map<String, String> DIGESTS =
            Map.ofEntries(
                    Map.entry("empty", "06bd01623de1d087bbd377851096317b1af476a2"),
                    Map.entry("hash:big", "da5884fc7ba8a8dc69e963590622d30a3baf7439"),
                    Map.entry("hash:small", "d2bc20aee7db701758378eb8ddeb79c747f58ce1"),
                    Map.entry("int", "655ac46b180ad2f61a3cee25f0b1780fa2ec879a"),
                    Map.entry("list:big", "0e60e9ddf90e568b7846718aedda5a230164bcb2"),
                    Map.entry("list:long", "92f09eb9d312ac56a7d04cca35f7204c484bc7a4"),
                    Map.entry("list:small", "5b91d885562608fa56c4e173cd4025c69be1e36b"),
                    Map.entry("set:big", "351b86706c8181e24728b9ef86e9e314ac39d342"),
                    Map.entry("set:bigints", "8c9dc9a85b35e80236342369d2ea221faa6713f9"),
                    Map.entry("set:ints", "15edc819dbe80567944719067a936595b396fb14"),
                    Map.entry("set:small", "e8f32bbb1ad9bf537c8867de4f19fec9e001296d"),
                    Map.entry("stream", "be4253943c611b238a8d1d07cadf994c01cb3777"),
                    Map.entry("string", "d59ec93db87f4cd915db3cdf44bb63755bc4a635"),
                    Map.entry("zset:big", "ad2be37aff6564c8ed60f6a7ffeb368f89adb9b1"),
                    Map.entry("zset:small", "b17ed313a50df75932ff703da75728738486d2c4"));

    private final CommandTester server = new CommandTester();
    private final Keyspace keyspace = server.keyspace();

    @AfterEach
    void nothingStaysAllocated() {
        server.close();
    }

    @Test
    void everyValueHasTheDigestOfStock() throws Exception {
        load();
        DIGESTS.forEach((key, digest) -> assertThat(digest(key)).as(key).isEqualTo(digest));
        assertThat(Digest.of(keyspace, new Snapshots(keyspace))).isEqualTo(ALL);
    }

    @Test
    void everythingSurvivesAReload(@TempDir Path directory) throws Exception {
        load();
        new Reload(keyspace, () -> directory.resolve("dump.rdb"), FunctionStore.none())
                .run(true, true, false);
        assertThat(Digest.of(keyspace, new Snapshots(keyspace))).isEqualTo(ALL);
        DIGESTS.forEach((key, digest) -> assertThat(digest(key)).as(key).isEqualTo(digest));
    }

    private String digest(String name) {
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            Key key = kept.keep(name.getBytes(StandardCharsets.US_ASCII));
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                return Digest.of(keyspace.database(0), key);
            } finally {
                partition.unlock();
            }
        }
    }

    private void load() throws Exception {
        KeyspaceLoader loader =
                new KeyspaceLoader(keyspace, KeyspaceLoader.Rules.TAKE_ALL, FunctionStore.none());
        try (InputStream in =
                        Objects.requireNonNull(
                                StockFileTest.class.getResourceAsStream(
                                        "/golden/redis-7.0.15/types.rdb"));
                RdbReader reader = new RdbReader(keyspace.pages(), loader, 1 << 20);
                OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            byte[] piece = new byte[777];
            for (int length = in.read(piece); length > 0; length = in.read(piece)) {
                bytes.clear();
                bytes.append(piece, 0, length);
                reader.feed(bytes.address(), length);
            }
        }
        assertThat(loader.isComplete()).isTrue();
    }
}

package io.keydb.server.persistence.rdb;

import static io.keydb.server.persistence.rdb.ForeignBytes.bytes;
import static io.keydb.server.persistence.rdb.ForeignBytes.joined;
import static io.keydb.server.persistence.rdb.ForeignBytes.littleEndian;
import static io.keydb.server.persistence.rdb.ForeignBytes.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.value.module.TypeIdentity;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every form that a value ever had in an RDB is read; damaged ones are refused. */
class ForeignFormsTest {
    private static final String LONG = "x".repeat(300);
    private static final String LONGER = "y".repeat(20_000);
    private static final List<?> MIXED =
            List.of("a", 0, 12, 13, -1, -129, 300, 70_000, -8_000_000, 1L << 40, LONG, LONGER, "");
    private static final String MIXED_SHOWN =
            "{a, 0, 12, 13, -1, -129, 300, 70000, -8000000, 1099511627776, "
                    + LONG
                    + ", "
                    + LONGER
                    + ", }";

    private final Pages pages = new Pages();

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(pages.bufferBytes()).isZero();
        pages.close();
    }

    @Test
    void lists() throws Exception {
        byte[] ziplist = ForeignBytes.ziplist(MIXED);
        byte[] listpack = ForeignBytes.listpack(MIXED);
        assertThat(shown(10, string(ziplist))).isEqualTo("list" + MIXED_SHOWN);
        byte[] other = string(ForeignBytes.ziplist(List.of("b", 7)));
        assertThat(shown(14, joined(bytes(2), other, string(ziplist))))
                .isEqualTo("list{b, 7, " + MIXED_SHOWN.substring(1));
        assertThat(shown(18, joined(bytes(2, 1), string(LONG), bytes(2), string(listpack))))
                .isEqualTo("list{" + LONG + ", " + MIXED_SHOWN.substring(1));
        assertThat(shown(1, joined(bytes(2), string("a"), bytes(0xc0, 5)))).isEqualTo("list{a, 5}");
        assertThat(shown(18, joined(bytes(1, 2), string(ForeignBytes.listpack(List.of())))))
                .isEqualTo("nothing");
        assertRefused(18, joined(bytes(1, 3), string(listpack)));
        assertRefused(18, joined(bytes(1, 1), string("")));
    }

    @Test
    void cronJobsOfKeyDb() throws Exception {
        byte[] when = joined(littleEndian(1000), littleEndian(500));
        byte[] job = joined(string("return 1"), when, bytes(1), string("k"), bytes(0));
        assertThat(shown(64, job)).isEqualTo("cron{return 1}");
        byte[] never = joined(littleEndian(1000), littleEndian(0));
        assertRefused(64, joined(string("return 1"), never, bytes(0, 0)));
        assertRefused(64, joined(string("return 1"), when, bytes(1)));
        assertRefused(64, joined(string("return 1"), bytes(0)));
    }

    @Test
    void sets() throws Exception {
        assertThat(shown(11, string(ForeignBytes.integers(2, -5, 0, 300))))
                .isEqualTo("set{-5, 0, 300}");
        assertThat(shown(11, string(ForeignBytes.integers(4, -70_000, 8))))
                .isEqualTo("set{-70000, 8}");
        assertThat(shown(11, string(ForeignBytes.integers(8, Long.MIN_VALUE, 1L << 40))))
                .isEqualTo("set{-9223372036854775808, 1099511627776}");
        assertThat(shown(20, string(ForeignBytes.listpack(MIXED)))).isEqualTo("set" + MIXED_SHOWN);
        assertRefused(11, string(ForeignBytes.integers(2, 5, 5)));
        assertRefused(11, string(ForeignBytes.integers(2, 5, 4)));
        assertRefused(11, string(bytes(3, 0, 0, 0, 0, 0, 0, 0)));
        assertRefused(11, string(bytes(2, 0, 0, 0, -1, -1, -1, -1)));
    }

    @Test
    void hashes() throws Exception {
        assertThat(shown(9, string(ForeignBytes.zipmap(List.of("f", "v", "g", LONG), 3))))
                .isEqualTo("hash{f=v, g=" + LONG + "}");
        assertThat(shown(13, string(ForeignBytes.ziplist(List.of("f", 1, "g", "v")))))
                .isEqualTo("hash{f=1, g=v}");
        assertThat(shown(16, string(ForeignBytes.listpack(List.of("f", 1, "g", "v")))))
                .isEqualTo("hash{f=1, g=v}");
        assertRefused(13, string(ForeignBytes.ziplist(List.of("f", 1, "g"))));
        assertRefused(16, string(ForeignBytes.listpack(List.of("f", 1, "g"))));
    }

    @Test
    void hashesWithFieldsThatExpire() throws Exception {
        byte[] packed = string(ForeignBytes.listpack(List.of("f", 1, 0, "g", "v", 5_000_000)));
        assertThat(shown(23, packed)).isEqualTo("hash{f=1, g=v@5000000}");
        assertThat(shown(25, joined(littleEndian(5_000_000), packed)))
                .isEqualTo("hash{f=1, g=v@5000000}");
        byte[] fields =
                joined(bytes(2, 0), string("f"), string("v"), bytes(11), string("g"), string("w"));
        assertThat(shown(22, fields)).isEqualTo("hash{f=v, g=w@11}");
        assertThat(shown(24, joined(littleEndian(1_000), fields))).isEqualTo("hash{f=v, g=w@1010}");
    }

    @Test
    void sortedSets() throws Exception {
        assertThat(shown(12, string(ForeignBytes.ziplist(List.of("a", 1, "b", "2.5", "c", "inf")))))
                .isEqualTo("zset{a=1.0, b=2.5, c=Infinity}");
        assertThat(shown(17, string(ForeignBytes.listpack(List.of("a", "-inf", "b", "1e+20")))))
                .isEqualTo("zset{a=-Infinity, b=1.0E20}");
        byte[] text =
                joined(
                        bytes(3),
                        string("a"),
                        bytes(254),
                        string("b"),
                        bytes(255),
                        string("c"),
                        string("1.25"));
        assertThat(shown(3, text)).isEqualTo("zset{a=Infinity, b=-Infinity, c=1.25}");
        byte[] binary = littleEndian(Double.doubleToLongBits(0.1));
        assertThat(shown(5, joined(bytes(1), string("a"), binary))).isEqualTo("zset{a=0.1}");
        assertRefused(3, joined(bytes(1), string("a"), bytes(253)));
        assertRefused(17, string(ForeignBytes.listpack(List.of("a", "x"))));
        byte[] nan = littleEndian(Double.doubleToLongBits(Double.NaN));
        assertRefused(5, joined(bytes(1), string("a"), nan));
    }

    @Test
    void membersThatExpireAreToldBehindTheValue() throws Exception {
        byte[] value =
                joined(
                        bytes(1),
                        string("m"),
                        bytes(250),
                        string("keydb-subexpire-key"),
                        string("m"),
                        bytes(250),
                        string("keydb-subexpire-when"),
                        string("1700000000123"));
        assertThat(shown(2, value)).isEqualTo("set{m, m@1700000000123}");
        assertThat(shown(2, joined(bytes(1), string("m"), bytes(250), string("mvcc-tstamp"))))
                .isEqualTo("set{m}");
    }

    @Test
    void whatIsNotHeldIsNamed() {
        assertThatThrownBy(() -> shown(6, bytes(0)))
                .hasMessage("Pre-release module format not supported");
        assertThatThrownBy(() -> shown(99, bytes(0))).hasMessage("Unknown RDB encoding type 99");
    }

    @Test
    void valuesOfModulesAreOneStringOrForeign() throws Exception {
        byte[] identity = littleEndian(Long.reverseBytes(TypeIdentity.of("testtype1", 3)));
        byte[] head = joined(bytes(0x81), identity);
        byte[] ours = joined(head, bytes(5), string("content"), bytes(0));
        assertThat(shown(7, ours)).isEqualTo("module:testtype1{content}");
        byte[] foreign =
                joined(
                        head,
                        bytes(1, 7, 2, 9),
                        bytes(3, 0, 0, 0, 0),
                        bytes(4, 0, 0, 0, 0, 0, 0, 0, 0),
                        bytes(5),
                        string("content"),
                        bytes(0));
        assertThat(shown(7, foreign)).isEqualTo("module:testtype1{?}");
        assertRefused(7, Arrays.copyOf(ours, ours.length - 1));
        assertRefused(7, Arrays.copyOf(ours, 5));
    }

    private void assertRefused(int type, byte[] value) {
        assertThatThrownBy(() -> shown(type, value)).isInstanceOf(RdbException.class);
    }

    private String shown(int type, byte[] value) throws RdbException {
        ShownValue target = new ShownValue();
        try (ValueDecoder decoder = new ValueDecoder(pages, 1 << 20);
                OffHeapBuffer buffer = new OffHeapBuffer(pages)) {
            buffer.append(value);
            boolean hasElements = decoder.decode(type, buffer.address(), value.length, target);
            return hasElements ? target.toString() : "nothing";
        }
    }
}

package io.keydb.server.command;

import static io.keydb.server.command.Command.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Reserved;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CommandTableTest {
    private static final List<String> NAMES =
            List.of(
                    "A",
                    "GO",
                    "GET",
                    "GETS",
                    "H_GET",
                    "SETNX",
                    "GETDEL",
                    "PEXPIRE",
                    "ZREVRANK",
                    "GETRANGES",
                    "ZRANGEBYSCORE",
                    "KEYDB.HRENAME",
                    "SIXTEEN_LETTERS_",
                    "GEORADIUSBYMEMBER_RO");

    private final CommandTable table =
            new CommandTable(NAMES.stream().map(CommandTableTest::declared).toList());

    private static Command declared(String name) {
        return command(name, Group.GENERIC).handledBy(call -> {});
    }

    private String find(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        Reserved memory = new Reserved(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(memory.address() + i, bytes[i]);
        }
        for (int i = bytes.length; i < bytes.length + 8; i++) {
            Memory.putByte(memory.address() + i, (byte) 'X'); // what follows is not the name's
        }
        Command found = table.find(memory.address(), bytes.length);
        return found == null ? "none" : found.name();
    }

    @Test
    void namesOfEveryLengthAreFoundInAnyCase() {
        for (String name : NAMES) {
            assertThat(find(name)).isEqualTo(name);
            assertThat(find(name.toLowerCase(Locale.ROOT))).isEqualTo(name);
            assertThat(find(name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT)))
                    .isEqualTo(name);
        }
    }

    @Test
    void aNameThatDiffersInAnyBitIsAnother() {
        for (String name : NAMES) {
            for (int i = 0; i < name.length(); i++) {
                for (int bit = 0; bit < 8; bit++) {
                    char changed = (char) (name.charAt(i) ^ 1 << bit);
                    String other = name.substring(0, i) + changed + name.substring(i + 1);
                    String expected =
                            NAMES.contains(other.toUpperCase(Locale.ROOT))
                                    ? other.toUpperCase(Locale.ROOT)
                                    : "none";
                    assertThat(find(other)).as(other).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void partsOfNamesAndLongerOnesAreNotFound() {
        for (String name : NAMES) {
            String shorter = name.substring(0, name.length() - 1);
            assertThat(find(shorter)).isEqualTo(NAMES.contains(shorter) ? shorter : "none");
            assertThat(find(name + "\0")).isEqualTo("none");
        }
        assertThat(find("")).isEqualTo("none");
        assertThat(find("X".repeat(65))).isEqualTo("none");
    }
}

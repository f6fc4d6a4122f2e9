package io.keydb.server.persistence.rdb;

import io.keydb.server.support.Crc64;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes the packed forms that older servers wrote, of elements that are texts or numbers. */
final class ForeignBytes {
    private ForeignBytes() {}

    static byte[] ziplist(List<?> elements) {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        int before = 0;
        int last = 10;
        for (Object element : elements) {
            last = 10 + entries.size();
            byte[] entry = ziplistEntry(element, before);
            entries.writeBytes(entry);
            before = entry.length;
        }
        ByteBuffer whole = little(11 + entries.size());
        whole.putInt(whole.capacity()).putInt(last).putShort((short) elements.size());
        return whole.put(entries.toByteArray()).put((byte) 0xff).array();
    }

    private static byte[] ziplistEntry(Object element, int before) {
        ByteBuffer entry = little(70_000);
        if (before < 254) {
            entry.put((byte) before);
        } else {
            entry.put((byte) 0xfe).putInt(before);
        }
        if (element instanceof Number number) {
            integer(entry, number.longValue());
        } else {
            byte[] text = latin(element.toString());
            if (text.length < 64) {
                entry.put((byte) text.length);
            } else if (text.length < 1 << 14) {
                entry.put((byte) (0x40 | text.length >> 8)).put((byte) text.length);
            } else {
                entry.put((byte) 0x80).putInt(Integer.reverseBytes(text.length));
            }
            entry.put(text);
        }
        return taken(entry);
    }

    private static void integer(ByteBuffer entry, long number) {
        if (number >= 0 && number <= 12) {
            entry.put((byte) (0xf1 + number));
        } else if (number == (byte) number) {
            entry.put((byte) 0xfe).put((byte) number);
        } else if (number == (short) number) {
            entry.put((byte) 0xc0).putShort((short) number);
        } else if (number == number << 40 >> 40) {
            entry.put((byte) 0xf0).putShort((short) number).put((byte) (number >> 16));
        } else if (number == (int) number) {
            entry.put((byte) 0xd0).putInt((int) number);
        } else {
            entry.put((byte) 0xe0).putLong(number);
        }
    }

    static byte[] zipmap(List<String> fieldsAndValues, int unused) {
        ByteBuffer map = little(100_000);
        map.put((byte) (fieldsAndValues.size() / 2));
        for (int i = 0; i < fieldsAndValues.size(); i++) {
            byte[] text = latin(fieldsAndValues.get(i));
            if (text.length < 254) {
                map.put((byte) text.length);
            } else {
                map.put((byte) 0xfe).putInt(text.length);
            }
            if (i % 2 == 1) {
                map.put((byte) unused).put(text).put(new byte[unused]);
            } else {
                map.put(text);
            }
        }
        return taken(map.put((byte) 0xff));
    }

    static byte[] integers(int width, long... numbers) {
        ByteBuffer set = little(8 + width * numbers.length);
        set.putInt(width).putInt(numbers.length);
        for (long number : numbers) {
            switch (width) {
                case 2 -> set.putShort((short) number);
                case 4 -> set.putInt((int) number);
                default -> set.putLong(number);
            }
        }
        return set.array();
    }

    static byte[] listpack(List<?> elements) {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        for (Object element : elements) {
            byte[] entry = listpackEntry(element);
            entries.writeBytes(entry);
            backLength(entries, entry.length);
        }
        ByteBuffer whole = little(7 + entries.size());
        whole.putInt(whole.capacity()).putShort((short) elements.size());
        return whole.put(entries.toByteArray()).put((byte) 0xff).array();
    }

    private static byte[] listpackEntry(Object element) {
        ByteBuffer entry = little(70_000);
        if (element instanceof Number number) {
            long value = number.longValue();
            if (value >= 0 && value < 128) {
                entry.put((byte) value);
            } else if (value >= -4096 && value < 4096) {
                entry.put((byte) (0xc0 | (value >> 8 & 31))).put((byte) value);
            } else if (value == (short) value) {
                entry.put((byte) 0xf1).putShort((short) value);
            } else if (value == (int) value) {
                entry.put((byte) 0xf3).putInt((int) value);
            } else {
                entry.put((byte) 0xf4).putLong(value);
            }
        } else {
            byte[] text = latin(element.toString());
            if (text.length < 64) {
                entry.put((byte) (0x80 | text.length));
            } else if (text.length < 4096) {
                entry.put((byte) (0xe0 | text.length >> 8)).put((byte) text.length);
            } else {
                entry.put((byte) 0xf0).putInt(text.length);
            }
            entry.put(text);
        }
        return taken(entry);
    }

    private static void backLength(ByteArrayOutputStream out, int length) {
        if (length < 128) {
            out.write(length);
        } else if (length < 16_383) {
            out.write(length >> 7);
            out.write((length & 127) | 128);
        } else {
            out.write(length >> 14);
            out.write((length >> 7 & 127) | 128);
            out.write((length & 127) | 128);
        }
    }

    /** A string of an RDB, as it is. */
    static byte[] string(byte[] bytes) {
        ByteBuffer string = ByteBuffer.allocate(bytes.length + 5);
        if (bytes.length < 64) {
            string.put((byte) bytes.length);
        } else {
            string.put((byte) 0x80).putInt(bytes.length);
        }
        return taken(string.put(bytes));
    }

    static byte[] string(String text) {
        return string(latin(text));
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] littleEndian(long value) {
        return little(8).putLong(value).array();
    }

    /** The payload of a value for RESTORE. */
    static byte[] payload(int type, byte[] value) {
        byte[] body = joined(bytes(type), value, bytes(11, 0));
        return joined(body, littleEndian(Crc64.of(body)));
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] taken(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }
}

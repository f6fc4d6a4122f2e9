package io.keydb.server.command.generic;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.Request;

/**
 * A pattern of SORT's BY and GET: the name of a key with a star in the place of the element,
 * perhaps with the name of a hash field behind an arrow.
 *
 * <pre>
 *   weight_*              the string at weight_ELEMENT
 *   object_*-&gt;name        the field "name" of the hash at object_ELEMENT
 *   #                     the element itself
 *   anything else         nothing
 * </pre>
 *
 * <p>Stock looks for star and arrow only up to the first byte of zero; so it is here.
 *
 * <p>Threads: confined to the thread that runs the command; valid as long as the request.
 */
final class SortPattern {
    private final long address;
    private final int length;
    private final boolean element;
    private final int star;
    private final int fieldLength;

    private SortPattern(long address, int length) {
        this.address = address;
        this.length = length;
        int end = find(address, 0, length, '\0', -1);
        int visible = end < 0 ? length : end;
        element = visible == 1 && Memory.getByte(address) == '#';
        star = find(address, 0, visible, '*', -1);
        int arrow = star < 0 ? -1 : find(address, star + 1, visible, '-', '>');
        fieldLength = arrow >= 0 && arrow + 2 < visible ? length - arrow - 2 : 0;
    }

    /** The pattern that argument {@code i} is. */
    static SortPattern of(Request request, int i) {
        return new SortPattern(request.address(i), request.length(i));
    }

    /** Whether it stands for the element itself. */
    boolean isElement() {
        return element;
    }

    boolean hasStar() {
        return star >= 0;
    }

    boolean hasField() {
        return fieldLength > 0;
    }

    long fieldAddress() {
        return address + length - fieldLength;
    }

    int fieldLength() {
        return fieldLength;
    }

    /** Writes the name of the key for an element into an empty buffer. Only with a star. */
    void writeKey(OffHeapBuffer name, long elementAddress, int elementLength) {
        int end = fieldLength == 0 ? length : length - fieldLength - 2;
        name.append(address, star);
        name.append(elementAddress, elementLength);
        name.append(address + star + 1, end - star - 1L);
    }

    /** Where a character stands, followed by another one unless that is -1; -1 when nowhere. */
    private static int find(long address, int from, int to, int first, int second) {
        for (int i = from; i < to; i++) {
            if (Memory.getByte(address + i) == first
                    && (second < 0 || (i + 1 < to && Memory.getByte(address + i + 1) == second))) {
                return i;
            }
        }
        return -1;
    }
}

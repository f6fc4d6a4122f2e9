package io.keydb.server.boot;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/**
 * The few calls of the C library for which Java has none: a session of one's own, a process without
 * huge pages, the system's log, a datagram to a supervisor, the processors of a thread. Each is
 * looked up when it is used.
 *
 * <p>Threads: safe.
 */
final class SystemCalls {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int DISABLE_HUGE_PAGES = 41;
    private static final int LOG_OPTIONS = 0x01 | 0x08 | 0x10; // pid, open at once, no waiting
    private static final short UNIX_FAMILY = 1;
    private static final int DATAGRAM = 2;
    private static final int LONGEST_SOCKET_NAME = 107;
    private static final int MOST_PROCESSORS = 8192;

    private static final int SET_DESCRIPTOR_FLAGS = 2;
    private static final int CLOSE_ON_EXEC = 1;

    /** Number of the signal of a process that ends itself. */
    static final int ABORT = 6;

    /** Number of the signal of a process that uses memory it has not. */
    static final int SEGMENTATION_FAULT = 11;

    private SystemCalls() {}

    /** Ends the process as this signal would, whoever handles it. Does not return. */
    static void endBySignal(int number) {
        call(function("raise", FunctionDescriptor.of(INT, INT)), number);
        call(function("abort", FunctionDescriptor.ofVoid()));
    }

    /** Lets an open file be closed when another program is started in this process. */
    static void closeOnExec(int descriptor) {
        MethodHandle fcntl =
                Linker.nativeLinker()
                        .downcallHandle(
                                symbol("fcntl"),
                                FunctionDescriptor.of(INT, INT, INT, INT),
                                Linker.Option.firstVariadicArg(2));
        call(fcntl, descriptor, SET_DESCRIPTOR_FLAGS, CLOSE_ON_EXEC);
    }

    /**
     * Starts a program in this process, in the place of the present one. Returns only when that is
     * impossible.
     *
     * @param arguments with the name first; one character for each byte
     */
    static void execute(String program, List<String> arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list =
                    arena.allocate(
                            ValueLayout.ADDRESS.byteSize() * (arguments.size() + 1L),
                            ValueLayout.ADDRESS.byteAlignment());
            for (int i = 0; i < arguments.size(); i++) {
                MemorySegment text =
                        arena.allocateFrom(arguments.get(i), StandardCharsets.ISO_8859_1);
                list.setAtIndex(ValueLayout.ADDRESS, i, text);
            }
            list.setAtIndex(ValueLayout.ADDRESS, arguments.size(), MemorySegment.NULL);
            FunctionDescriptor execv =
                    FunctionDescriptor.of(INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
            call(function("execv", execv), arena.allocateFrom(program), list);
        }
    }

    /** Leaves the terminal and its signals behind. */
    static void newSession() {
        call(function("setsid", FunctionDescriptor.of(INT)));
    }

    /** From now on no memory of the process becomes a huge page by itself. */
    static boolean disableHugePages() {
        MethodHandle prctl =
                function("prctl", FunctionDescriptor.of(INT, INT, LONG, LONG, LONG, LONG));
        return (int) call(prctl, DISABLE_HUGE_PAGES, 1L, 0L, 0L, 0L) == 0;
    }

    /** Opens the system's log; the name stays in use for ever. */
    static void openSystemLog(String name, int facility) {
        MemorySegment text = Arena.global().allocateFrom(name);
        MethodHandle openlog =
                function("openlog", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, INT, INT));
        call(openlog, text, LOG_OPTIONS, facility);
    }

    /** Writes one line to the system's log. */
    static void systemLog(int priority, String line) {
        MethodHandle syslog =
                Linker.nativeLinker()
                        .downcallHandle(
                                symbol("syslog"),
                                FunctionDescriptor.ofVoid(
                                        INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                                Linker.Option.firstVariadicArg(2));
        try (Arena arena = Arena.ofConfined()) {
            call(syslog, priority, arena.allocateFrom("%s"), arena.allocateFrom(line));
        }
    }

    /**
     * Sends a message to a socket of the file system, or of the abstract namespace when its name
     * begins with {@code @}; whether it has arrived.
     */
    static boolean sendDatagram(String socketName, String message) {
        byte[] name = socketName.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > LONGEST_SOCKET_NAME) {
            return false;
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        int socket =
                (int)
                        call(
                                function("socket", FunctionDescriptor.of(INT, INT, INT, INT)),
                                UNIX_FAMILY,
                                DATAGRAM,
                                0);
        if (socket < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Short.BYTES + name.length + 1L);
            address.set(ValueLayout.JAVA_SHORT, 0, UNIX_FAMILY);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            MethodHandle sendto =
                    function(
                            "sendto",
                            FunctionDescriptor.of(
                                    LONG,
                                    INT,
                                    ValueLayout.ADDRESS,
                                    LONG,
                                    INT,
                                    ValueLayout.ADDRESS,
                                    INT));
            int length = Short.BYTES + name.length;
            return (long) call(sendto, socket, bytes, (long) text.length, 0, address, length)
                    == text.length;
        } finally {
            call(function("close", FunctionDescriptor.of(INT, INT)), socket);
        }
    }

    /** The processors that the calling thread may use. */
    static BitSet processors() {
        MethodHandle get =
                function(
                        "sched_getaffinity",
                        FunctionDescriptor.of(INT, INT, LONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MOST_PROCESSORS / Byte.SIZE);
            if ((int) call(get, 0, mask.byteSize(), mask) < 0) {
                return new BitSet();
            }
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Lets a thread of the process, by the kernel's id, use these processors only. */
    static boolean bindThread(int task, BitSet processors) {
        MethodHandle set =
                function(
                        "sched_setaffinity",
                        FunctionDescriptor.of(INT, INT, LONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MOST_PROCESSORS / Byte.SIZE);
            byte[] bits = processors.toByteArray();
            MemorySegment.copy(bits, 0, mask, ValueLayout.JAVA_BYTE, 0, bits.length);
            return (int) call(set, task, mask.byteSize(), mask) == 0;
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor signature) {
        return Linker.nativeLinker().downcallHandle(symbol(name), signature);
    }

    private static MemorySegment symbol(String name) {
        return Linker.nativeLinker().defaultLookup().findOrThrow(name);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

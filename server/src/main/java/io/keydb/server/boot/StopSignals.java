package io.keydb.server.boot;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGTERM and SIGINT do: the first one stops the server in order and ends the process with
 * code 0, a second one ends it at once with code 1. A shutdown hook of the JVM could do neither:
 * its exit code is that of the signal, and it never hears of a second one.
 *
 * <p>{@code sun.misc.Signal} is called by reflection, because javac warns of it in a way that
 * cannot be turned off. Where it is missing, the JVM's own handling stays.
 *
 * <p>Threads: safe; each signal comes on a thread of its own.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Runnable stop;

    private StopSignals(Runnable stop) {
        this.stop = stop;
    }

    /** From now on the signals run {@code stop} and end the process. */
    static void handle(Runnable stop) {
        StopSignals signals = new StopSignals(stop);
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler received =
                    (proxy, method, arguments) -> {
                        signals.received();
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(), new Class<?>[] {handler}, received);
            for (String name : new String[] {"TERM", "INT"}) {
                Object instance = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
            }
        } catch (ReflectiveOperationException absent) {
            LOG.warn("Signals cannot be handled on this Java: the exit code will be theirs");
            Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop"));
        }
    }

    private void received() {
        if (!stopping.compareAndSet(false, true)) {
            LOG.warn("Second signal to stop: exiting at once");
            Runtime.getRuntime().halt(1);
        }
        LOG.info("Signal to stop received");
        int exitCode = 0;
        try {
            stop.run();
        } catch (RuntimeException failure) {
            LOG.error("The server did not stop in order", failure);
            exitCode = 1;
        }
        System.exit(exitCode);
    }
}

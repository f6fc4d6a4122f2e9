package io.keydb.server.boot;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Handlers of signals.
 *
 * <p>{@code sun.misc.Signal} is called by reflection, because javac warns of it in a way that
 * cannot be turned off.
 *
 * <p>Threads: stateless.
 */
final class Signals {
    private Signals() {}

    /**
     * Has {@code received} called on a thread of its own whenever the signal comes.
     *
     * @param name without SIG
     * @return false when this Java has no such thing: its own handling stays
     */
    static boolean handle(String name, Runnable received) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call =
                    (proxy, method, arguments) -> {
                        received.run();
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(), new Class<?>[] {handler}, call);
            Object signal = type.getConstructor(String.class).newInstance(name);
            type.getMethod("handle", type, handler).invoke(null, signal, proxy);
            return true;
        } catch (ReflectiveOperationException absent) {
            return false;
        }
    }
}

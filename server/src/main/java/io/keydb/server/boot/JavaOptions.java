package io.keydb.server.boot;

import org.slf4j.Logger;

/** What the server wants from the Java virtual machine, which its launcher gives it. */
final class JavaOptions {
    private JavaOptions() {}

    /** Tells once what is missing. */
    static void warn(Logger log) {
        if (!JavaOptions.class.getModule().isNativeAccessEnabled()) {
            log.warn(
                    "Java was started without --enable-native-access=ALL-UNNAMED: off-heap memory"
                            + " still works, but a later Java will refuse it. Use the launcher, or"
                            + " add the option");
        }
    }
}

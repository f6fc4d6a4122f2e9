package io.keydb.server.modules;

import io.keydb.module.DataType;
import io.keydb.module.ServerModule;
import io.keydb.server.command.Command;
import io.keydb.server.config.Directive;
import io.keydb.server.value.module.TypeIdentity;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One module with all it has brought.
 *
 * <p>Threads: filled by the thread that loads it, then only its state changes, which any thread may
 * look at.
 */
final class LoadedModule {
    private final ServerModule module;
    private final String name;
    private final int version;
    private final String path;
    private final List<byte[]> arguments;
    private final List<Command> commands = new ArrayList<>();
    private final List<Directive<?>> parameters = new ArrayList<>();
    private final Map<DataType, Long> types = new IdentityHashMap<>();
    private volatile boolean takesValues = true;
    private volatile boolean gone;

    LoadedModule(ServerModule module, String path, List<byte[]> arguments) {
        this.module = module;
        this.name = module.name();
        this.version = module.version();
        this.path = path;
        this.arguments = arguments;
    }

    ServerModule module() {
        return module;
    }

    String name() {
        return name;
    }

    int version() {
        return version;
    }

    String path() {
        return path;
    }

    List<byte[]> arguments() {
        return arguments;
    }

    List<Command> commands() {
        return commands;
    }

    List<Directive<?>> parameters() {
        return parameters;
    }

    Map<DataType, Long> types() {
        return types;
    }

    /** The type of that name, in whatever version, or null. */
    @Nullable DataType type(long identity) {
        for (Map.Entry<DataType, Long> type : types.entrySet()) {
            if (TypeIdentity.sameType(type.getValue(), identity)) {
                return type.getKey();
            }
        }
        return null;
    }

    /** The identity under which values of a type of this module are kept. */
    long identity(DataType type) {
        Long identity = types.get(type);
        if (identity == null) {
            throw new IllegalArgumentException("no type of this module: " + type.name());
        }
        return identity;
    }

    /** Whether new values of its types may be made; not while it is about to be unloaded. */
    boolean takesValues() {
        return takesValues;
    }

    void takesValues(boolean yes) {
        takesValues = yes;
    }

    /** Whether it is unloaded. */
    boolean isGone() {
        return gone;
    }

    void gone() {
        gone = true;
    }
}

package io.keydb.server.modules;

import io.keydb.module.DataType;
import io.keydb.module.ModuleException;
import io.keydb.module.ServerModule;
import io.keydb.server.command.Call;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.StateForm;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.structure.Record;
import io.keydb.server.value.module.ModuleTypes;
import io.keydb.server.value.module.ModuleValue;
import io.keydb.server.value.module.TypeIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The modules of one server. Loading and unloading is all or nothing for everybody else: the
 * commands of a module come and go at once, and nobody is permitted one of them before the rules of
 * users were looked at anew.
 *
 * <p>Threads: safe; one module is loaded or unloaded at a time, on a worker or at the start.
 */
public final class Modules implements ModuleTypes {
    private static final Logger LOG = LoggerFactory.getLogger(Modules.class);

    private final Map<String, LoadedModule> byName =
            new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Parts parts;

    /**
     * What modules are put into.
     *
     * @param commandsChanged looks anew at what users may do
     * @param form how values travel
     */
    public record Parts(
            CommandTable table,
            Configuration configuration,
            Keyspace keyspace,
            Runnable commandsChanged,
            StateForm form) {}

    public Modules(Parts parts) {
        this.parts = parts;
        parts.keyspace().moduleTypes(this);
        parts.configuration().rewrittenAs(ModuleDirectives.LOADMODULE, this::lines);
    }

    /**
     * Loads the modules of the configuration, before any data.
     *
     * @throws ConfigFileException when one cannot be loaded, or a parameter is of none
     */
    public void start() throws ConfigFileException {
        for (List<String> line : parts.configuration().value(ModuleDirectives.LOADMODULE)) {
            List<byte[]> arguments = new ArrayList<>();
            for (String word : line.subList(1, line.size())) {
                arguments.add(word.getBytes(StandardCharsets.UTF_8));
            }
            if (!load(line.getFirst(), arguments, Map.of())) {
                throw new ConfigFileException(
                        "Can't load module from " + line.getFirst() + ": server aborting");
            }
        }
        List<String> waiting = parts.configuration().waitingParameters();
        if (!waiting.isEmpty()) {
            throw new ConfigFileException(
                    "Module Configuration detected without loadmodule directive or no module that"
                            + " declares it: "
                            + String.join(", ", waiting));
        }
    }

    /** All of them, by name. */
    List<LoadedModule> all() {
        return List.copyOf(byName.values());
    }

    /** Replies all of them, as MODULE LIST and HELLO do. */
    public void replyAll(Call call) {
        List<LoadedModule> all = all();
        call.reply().array(all.size());
        for (LoadedModule module : all) {
            call.reply().map(4);
            call.reply().bulk("name");
            call.reply().bulk(module.name());
            call.reply().bulk("ver");
            call.reply().integer(module.version());
            call.reply().bulk("path");
            call.reply().bulk(module.path().getBytes(StandardCharsets.UTF_8));
            call.reply().bulk("args");
            call.reply().array(module.arguments().size());
            module.arguments().forEach(call.reply()::bulk);
        }
    }

    /**
     * Loads a module; the log says why when it cannot be.
     *
     * @param given values for its parameters, by their full names
     * @return whether it is loaded
     */
    synchronized boolean load(String path, List<byte[]> arguments, Map<String, String> given) {
        LoadedModule module = null;
        try {
            module = new LoadedModule(provider(path), path, arguments);
            set(module, new HashMap<>(lowerCase(given)));
        } catch (IOException | ModuleException | ServiceConfigurationError refused) {
            LOG.warn("Module {} failed to load: {}", path, refused.toString());
            forget(module);
            return false;
        } catch (Throwable bug) { // of any kind: it is foreign code
            LOG.warn("Module {} failed to load", path, bug);
            forget(module);
            return false;
        }
        LOG.info("Module '{}' loaded from {}", module.name(), path);
        return true;
    }

    private static Map<String, String> lowerCase(Map<String, String> given) {
        return given.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                entry -> entry.getKey().toLowerCase(Locale.ROOT),
                                Map.Entry::getValue,
                                (first, second) -> second));
    }

    private static ServerModule provider(String path) throws IOException, ModuleException {
        ModuleClassLoader loader = new ModuleClassLoader(Path.of(path));
        Iterator<ServerModule> found = ServiceLoader.load(ServerModule.class, loader).iterator();
        if (!found.hasNext()) {
            throw new ModuleException(
                    "the jar names no class in META-INF/services/" + ServerModule.class.getName());
        }
        ServerModule module = found.next();
        if (found.hasNext()) {
            throw new ModuleException("the jar names several modules");
        }
        return module;
    }

    private void set(LoadedModule module, Map<String, String> given) throws ModuleException {
        String name = module.name();
        if (!name.matches("[A-Za-z0-9_-]+") || byName.containsKey(name)) {
            throw new ModuleException("its name '" + name + "' is none, or taken");
        }
        ModuleSetup setup =
                new ModuleSetup(
                        module,
                        given,
                        new ModuleSetup.Surroundings(
                                parts.table(), parts.configuration(), this, parts.form()));
        try {
            module.module().load(setup);
        } finally {
            setup.end();
        }
        if (!given.isEmpty()) {
            throw new ModuleException("it has no parameter " + String.join(", ", given.keySet()));
        }
        byName.put(name, module);
        parts.table().add(module.commands(), parts.commandsChanged());
    }

    /** Takes away what a module has declared that failed to load. */
    private void forget(@Nullable LoadedModule module) {
        if (module != null) {
            byName.remove(module.name(), module);
            module.gone();
            module.parameters().forEach(parts.configuration()::remove);
        }
    }

    /**
     * Unloads a module.
     *
     * @return why it cannot be, in the words of stock; or null
     */
    synchronized @Nullable String unload(String name) {
        LoadedModule module = byName.get(name);
        if (module == null) {
            return "no such module with that name";
        }
        module.takesValues(false);
        if (isAnyValueOf(module)) {
            module.takesValues(true);
            return "the module exports one or more module-side data types, can't unload";
        }
        parts.table()
                .remove(
                        module.commands(),
                        () -> {
                            module.gone();
                            byName.remove(module.name());
                            parts.commandsChanged().run();
                        });
        module.parameters().forEach(parts.configuration()::remove);
        try {
            module.module().unload();
        } catch (Throwable bug) { // of any kind: it is foreign code
            LOG.warn("Module {} failed while it was unloaded", module.name(), bug);
        }
        LOG.info("Module {} unloaded", module.name());
        return null;
    }

    private boolean isAnyValueOf(LoadedModule module) {
        boolean[] found = new boolean[1];
        int databases = module.types().isEmpty() ? 0 : parts.keyspace().databases();
        for (int i = 0; i < databases && !found[0]; i++) {
            parts.keyspace()
                    .traversal()
                    .walk(
                            i,
                            record ->
                                    found[0] |=
                                            Record.type(record) == Record.MODULE
                                                    && module.type(ModuleValue.identity(record))
                                                            != null);
        }
        return found[0];
    }

    /** What CONFIG REWRITE writes. */
    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (LoadedModule module : all()) {
            StringBuilder line = new StringBuilder(quoted(module.path()));
            for (byte[] argument : module.arguments()) {
                line.append(' ').append(quoted(new String(argument, StandardCharsets.UTF_8)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String quoted(String word) {
        boolean isPlain = word.matches("[A-Za-z0-9_./:=,@+-]+");
        return isPlain ? word : "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private @Nullable LoadedModule owner(long identity) {
        for (LoadedModule module : byName.values()) {
            if (module.type(identity) != null) {
                return module;
            }
        }
        return null;
    }

    @Override
    public long current(long identity) {
        LoadedModule owner = owner(identity);
        DataType type = owner == null ? null : owner.type(identity);
        return owner == null || type == null || !owner.takesValues()
                ? UNKNOWN
                : owner.identity(type);
    }

    @Override
    public byte @Nullable [] accept(long identity, long address, int length) {
        LoadedModule owner = owner(identity);
        DataType type = owner == null ? null : owner.type(identity);
        if (type == null) {
            throw new IllegalArgumentException("its module was unloaded");
        }
        try (GivenBytes value = new GivenBytes(address, length)) {
            if (TypeIdentity.version(identity) == type.encodingVersion()) {
                type.check(value);
                return null;
            }
            return type.upgrade(TypeIdentity.version(identity), value);
        } catch (IllegalArgumentException damaged) {
            throw damaged;
        } catch (Throwable bug) { // of any kind: it is foreign code
            LOG.error("Type {} failed to look at a value", TypeIdentity.name(identity), bug);
            throw new IllegalArgumentException("its module failed to look at it", bug);
        }
    }
}

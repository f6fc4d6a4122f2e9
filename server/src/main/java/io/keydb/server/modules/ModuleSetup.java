package io.keydb.server.modules;

import static io.keydb.server.config.Directive.directive;

import io.keydb.module.CommandDeclaration;
import io.keydb.module.DataType;
import io.keydb.module.ModuleLog;
import io.keydb.module.Parameter;
import io.keydb.module.Setup;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.StateForm;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.config.Setting;
import io.keydb.server.value.module.ModuleTypes;
import io.keydb.server.value.module.TypeIdentity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what a module declares while it is loaded.
 *
 * <p>Threads: confined to the thread that loads.
 */
final class ModuleSetup implements Setup {
    private final LoadedModule module;
    private final Map<String, String> given;
    private final Surroundings surroundings;
    private boolean over;

    /** What a module is put into. */
    record Surroundings(
            CommandTable table, Configuration configuration, ModuleTypes types, StateForm form) {}

    /**
     * @param given values for parameters, by their names in lower case; those that are taken are
     *     removed
     */
    ModuleSetup(LoadedModule module, Map<String, String> given, Surroundings surroundings) {
        this.module = module;
        this.given = given;
        this.surroundings = surroundings;
    }

    /** Takes nothing more. */
    void end() {
        over = true;
    }

    private void requireLoading() {
        if (over) {
            throw new IllegalStateException("the module is loaded");
        }
    }

    @Override
    public List<String> arguments() {
        return module.arguments().stream()
                .map(argument -> new String(argument, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void command(CommandDeclaration declaration) {
        requireLoading();
        ModuleHandler handler =
                new ModuleHandler(module, declaration.handler(), surroundings.form());
        if (surroundings.table().find(declaration.name()) != null) {
            throw new IllegalArgumentException(
                    "there is a command '" + declaration.name() + "' already");
        }
        module.commands().add(CommandTranslation.command(declaration, module.name(), handler));
    }

    @Override
    public void type(DataType type) {
        requireLoading();
        long identity = TypeIdentity.of(type.name(), type.encodingVersion());
        if (module.type(identity) != null
                || surroundings.types().current(identity) != ModuleTypes.UNKNOWN) {
            throw new IllegalArgumentException("there is a type '" + type.name() + "' already");
        }
        module.types().put(type, identity);
    }

    @Override
    public Parameter<Long> integer(String name, long defaultValue, long smallest, long largest) {
        return parameter(name(name).integer(defaultValue, smallest, largest));
    }

    @Override
    public Parameter<Boolean> toggle(String name, boolean defaultValue) {
        return parameter(name(name).toggle(defaultValue));
    }

    @Override
    public Parameter<String> text(String name, String defaultValue) {
        return parameter(name(name).text(defaultValue));
    }

    @Override
    public <E extends Enum<E>> Parameter<E> choice(String name, E defaultValue) {
        return parameter(name(name).choice(defaultValue));
    }

    private Directive.Name name(String name) {
        requireLoading();
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("no name of a parameter: '" + name + "'");
        }
        return directive(module.name() + "." + name);
    }

    private <T> Parameter<T> parameter(Directive.Draft<T> draft) {
        Directive<T> directive = draft.mutable().doc("A parameter of the module.");
        String value = given.remove(directive.name().toLowerCase(Locale.ROOT));
        try {
            Setting<T> setting = surroundings.configuration().add(directive, value);
            module.parameters().add(directive);
            return setting::value;
        } catch (InvalidValue invalid) {
            throw new IllegalArgumentException(directive.name() + ": " + invalid.reason());
        }
    }

    @Override
    public ModuleLog log() {
        return new Log(module.name());
    }

    /** The log under the name of the module. */
    private static final class Log implements ModuleLog {
        private static final Logger LOG = LoggerFactory.getLogger("io.keydb.module");

        private final String name;

        Log(String name) {
            this.name = name;
        }

        @Override
        public void warning(String message) {
            LOG.warn("<{}> {}", name, message);
        }

        @Override
        public void notice(String message) {
            LOG.info("<{}> {}", name, message);
        }

        @Override
        public void debug(String message) {
            LOG.debug("<{}> {}", name, message);
        }
    }
}

package io.keydb.testmodule;

import static io.keydb.module.CommandDeclaration.command;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keydb.module.Bytes;
import io.keydb.module.CommandDeclaration;
import io.keydb.module.CommandFailure;
import io.keydb.module.CommandFlag;
import io.keydb.module.CommandHandler;
import io.keydb.module.DataType;
import io.keydb.module.Invocation;
import io.keydb.module.KeyUse;
import io.keydb.module.Keys;
import io.keydb.module.ModuleException;
import io.keydb.module.MutableBytes;
import io.keydb.module.Parameter;
import io.keydb.module.ServerModule;
import io.keydb.module.Setup;
import org.jspecify.annotations.Nullable;

/** Texts as values, and commands that misbehave. */
public final class TestModule implements ServerModule {
    private final DataType type = new TextType();
    private final DataType unknownType = new TextType();
    private Parameter<Long> limit = () -> 0L;
    private @Nullable Bytes kept;

    /** What a parameter can be. */
    enum Mode {
        CALM,
        WILD
    }

    /** Texts in which no exclamation mark stands. */
    private static final class TextType implements DataType {
        @Override
        public String name() {
            return "test-text";
        }

        @Override
        public int encodingVersion() {
            return 3;
        }

        @Override
        public void check(Bytes value) {
            if (new String(value.toArray(), UTF_8).contains("!")) {
                throw new IllegalArgumentException("no exclamation marks");
            }
        }
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public int version() {
        return 42;
    }

    @Override
    public void load(Setup setup) throws ModuleException {
        limit = setup.integer("limit", 10, 1, 100);
        setup.choice("mode", Mode.CALM);
        setup.toggle("quick", true);
        setup.text("greeting", "hello");
        setup.type(type);
        write(setup, "TEST.SET", 3, this::set);
        write(setup, "TEST.DEL", 2, this::del);
        read(setup, "TEST.GET", 2, this::get);
        write(setup, "TEST.BOOM", 2, this::boom);
        read(setup, "TEST.REFUSE", 2, this::refuse);
        read(setup, "TEST.STACK", 2, this::stack);
        read(setup, "TEST.SHORT", 2, call -> call.reply().array(2));
        read(setup, "TEST.LONG", 2, this::replyTwice);
        read(setup, "TEST.OTHER", 3, call -> call.key(2));
        setup.command(
                command("TEST.SOURCE")
                        .arity(3)
                        .flags(CommandFlag.WRITE)
                        .keys(
                                Keys.at(1, KeyUse.RW, KeyUse.UPDATE),
                                Keys.at(2, KeyUse.RO, KeyUse.ACCESS))
                        .handledBy(call -> call.key(2).remove()));
        read(setup, "TEST.CHANGE", 2, call -> call.key(1).change(type));
        read(setup, "TEST.FOREIGN", 2, call -> call.key(1).read(unknownType));
        read(setup, "TEST.BEYOND", 2, call -> call.argument(1).get(1000));
        read(setup, "TEST.KEEP", 2, this::keep);
        write(setup, "TEST.TWICE", 3, this::twice);
        write(setup, "TEST.CHANCE", 2, this::chance);
        setup.command(
                command("TEST.LIMIT")
                        .slow()
                        .categories("dangerous")
                        .handledBy(call -> call.reply().integer(limit.value())));
        for (String argument : setup.arguments()) {
            switch (argument) {
                case "refuse" -> throw new ModuleException("told to refuse");
                case "crash" -> throw new StackOverflowError("told to crash");
                case "taken" -> setup.command(command("GET").handledBy(this::get));
                default -> setup.log().notice(argument);
            }
        }
    }

    private static void write(Setup setup, String name, int arity, CommandHandler handler) {
        declare(setup, name, arity, CommandFlag.WRITE, handler);
    }

    private static void read(Setup setup, String name, int arity, CommandHandler handler) {
        declare(setup, name, arity, CommandFlag.READONLY, handler);
    }

    private static void declare(
            Setup setup, String name, int arity, CommandFlag flag, CommandHandler handler) {
        CommandDeclaration.Builder builder = command(name).arity(arity).flags(flag);
        boolean two = name.equals("TEST.TWICE");
        builder.keys(Keys.range(1, two ? 2 : 1, 1, KeyUse.RW, KeyUse.ACCESS, KeyUse.UPDATE));
        setup.command(builder.handledBy(handler));
    }

    private void set(Invocation call) {
        write(call, 1, call.argument(2).toArray());
        call.key(1).event("test.set");
        call.reply().ok();
    }

    private void write(Invocation call, int key, byte[] text) {
        call.key(key).resize(type, text.length).copyFrom(0, text);
    }

    private void del(Invocation call) {
        call.reply().bool(call.key(1).remove());
    }

    private void get(Invocation call) {
        Bytes text = call.key(1).read(type);
        if (text == null) {
            call.reply().nil();
        } else {
            call.reply().bulk(text);
        }
    }

    private void boom(Invocation call) {
        write(call, 1, "half".getBytes(UTF_8));
        call.reply().array(3);
        throw new IllegalStateException("told to fail");
    }

    private void refuse(Invocation call) {
        throw new CommandFailure("NOTNOW told to refuse\r\n+OK");
    }

    private void stack(Invocation call) {
        if (call.count() > 0) { // always
            stack(call);
        }
    }

    private void replyTwice(Invocation call) {
        call.reply().ok();
        call.reply().ok();
    }

    private void keep(Invocation call) {
        Bytes before = kept;
        kept = call.argument(1);
        call.reply().integer(before == null ? kept.length() : before.length());
    }

    /** Two arguments, which may be the same key. */
    private void twice(Invocation call) {
        MutableBytes one = call.key(1).resize(type, 3);
        MutableBytes other = call.key(2).resize(type, 10_000);
        other.put(9_999, (byte) 'z');
        one.put(0, (byte) 'a');
        call.reply().integer(one.length());
    }

    private void chance(Invocation call) {
        write(call, 1, "chosen".getBytes(UTF_8));
        call.replicate("TEST.SET", call.argument(1).toArray(), "chosen".getBytes(UTF_8));
        call.reply().ok();
    }
}

package io.keydb.server.pubsub;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.MAY_REPLICATE;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.PUBSUB;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.KeyFlag.NOT_KEY;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.ChannelSpec;
import io.keydb.server.command.Command;
import io.keydb.server.command.Group;
import io.keydb.server.command.HelpText;
import io.keydb.server.command.Locking;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.support.GlobPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SUBSCRIBE, PUBLISH, PUBSUB and their kin. */
public final class PubSubCommands {
    private static final String PER_CHANNEL = "O(N) where N is the number of channels.";
    private static final String PER_LISTENER = "O(N) where N is the number of clients that listen.";

    private final Subscriptions subscriptions;
    private final List<Command> all;

    public PubSubCommands(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
        this.all =
                List.of(
                        subscribe("SUBSCRIBE", Kind.CHANNEL, "channel [channel ...]"),
                        subscribe("PSUBSCRIBE", Kind.PATTERN, "pattern [pattern ...]"),
                        sharded(subscribing("SSUBSCRIBE", "shardchannel [shardchannel ...]"))
                                .channels(ChannelSpec.channels(1))
                                .handledBy(call -> subscribe(call, Kind.SHARD_CHANNEL)),
                        unsubscribe("UNSUBSCRIBE", Kind.CHANNEL, "[channel [channel ...]]"),
                        unsubscribe("PUNSUBSCRIBE", Kind.PATTERN, "[pattern [pattern ...]]"),
                        sharded(unsubscribing("SUNSUBSCRIBE", "[shardchannel [shardchannel ...]]"))
                                .handledBy(call -> unsubscribe(call, Kind.SHARD_CHANNEL)),
                        publish(),
                        publishToShard(),
                        pubsub());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private static Command.Builder subscribing(String name, String syntax) {
        return command(name, Group.PUBSUB)
                .since("2.0.0")
                .arity(-2)
                .flags(PUBSUB, NOSCRIPT, LOADING, STALE)
                .allowedWhileSubscribed()
                .syntax(syntax)
                .summary("Listens to what is published there.")
                .complexity(PER_CHANNEL);
    }

    private static Command.Builder unsubscribing(String name, String syntax) {
        return command(name, Group.PUBSUB)
                .since("2.0.0")
                .arity(-1)
                .flags(PUBSUB, NOSCRIPT, LOADING, STALE)
                .allowedWhileSubscribed()
                .syntax(syntax)
                .summary("Listens no longer, to some or to all of them.")
                .complexity(PER_CHANNEL);
    }

    private Command subscribe(String name, Kind kind, String syntax) {
        return subscribing(name, syntax)
                .channels(kind == Kind.PATTERN ? ChannelSpec.patterns(1) : ChannelSpec.channels(1))
                .handledBy(call -> subscribe(call, kind));
    }

    private Command unsubscribe(String name, Kind kind, String syntax) {
        return unsubscribing(name, syntax).handledBy(call -> unsubscribe(call, kind));
    }

    private static Command.Builder sharded(Command.Builder builder) {
        return builder.since("7.0.0").keys(range(1, -1, 1, NOT_KEY)).locking(Locking.NONE);
    }

    private Command publish() {
        return command("PUBLISH", Group.PUBSUB)
                .since("2.0.0")
                .arity(3)
                .flags(PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE)
                .channels(ChannelSpec.channel(1))
                .syntax("channel message")
                .summary("Sends a message to all who listen to the channel.")
                .complexity(PER_LISTENER)
                .handledBy(
                        call -> {
                            byte[] channel = call.request().bytes(1);
                            byte[] payload = call.request().bytes(2);
                            call.effects().force();
                            call.reply().integer(subscriptions.publish(channel, payload));
                        });
    }

    private Command publishToShard() {
        return command("SPUBLISH", Group.PUBSUB)
                .since("7.0.0")
                .arity(3)
                .flags(PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE)
                .keys(at(1, NOT_KEY))
                .locking(Locking.NONE)
                .channels(ChannelSpec.channel(1))
                .syntax("shardchannel message")
                .summary("Sends a message to all who listen to the sharded channel.")
                .complexity(PER_LISTENER)
                .handledBy(
                        call -> {
                            byte[] channel = call.request().bytes(1);
                            byte[] payload = call.request().bytes(2);
                            call.effects().force();
                            call.reply().integer(subscriptions.publishToShard(channel, payload));
                        });
    }

    private void subscribe(Call call, Kind kind) {
        Subscriber subscriber = subscriptions.subscriber(call.client());
        for (int i = 1; i < call.count(); i++) {
            Name name = new Name(call.request().bytes(i));
            subscriber.listen(kind, name);
            confirm(call, kind.subscribed(), name.bytes(), subscriber.count(kind));
        }
        subscriber.counted();
    }

    private void unsubscribe(Call call, Kind kind) {
        Subscriber subscriber = subscriptions.subscriber(call.client());
        List<Name> names = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            names.add(new Name(call.request().bytes(i)));
        }
        if (names.isEmpty()) {
            names.addAll(subscriber.names(kind));
        }
        for (Name name : names) {
            subscriber.stop(kind, name);
            confirm(call, kind.unsubscribed(), name.bytes(), subscriber.count(kind));
        }
        if (names.isEmpty()) {
            confirm(call, kind.unsubscribed(), null, subscriber.count(kind));
        }
        subscriber.counted();
    }

    private static void confirm(Call call, byte[] what, byte @Nullable [] name, int count) {
        ReplyWriter reply = call.reply();
        reply.pushing(
                () -> {
                    reply.push(3);
                    reply.bulk(what);
                    if (name == null) {
                        reply.nullBulk();
                    } else {
                        reply.bulk(name);
                    }
                    reply.integer(count);
                });
    }

    private Command pubsub() {
        return command("PUBSUB", Group.PUBSUB)
                .since("2.8.0")
                .arity(-2)
                .summary("A container of commands about who listens.")
                .complexity("Depends on the subcommand.")
                .subcommands(
                        channels("CHANNELS", "2.8.0", Kind.CHANNEL),
                        numbers("NUMSUB", "2.8.0", Kind.CHANNEL, "[channel [channel ...]]"),
                        asking("NUMPAT", "2.8.0", 2)
                                .summary("Tells how many patterns are listened to.")
                                .handledBy(call -> call.reply().integer(subscriptions.patterns())),
                        channels("SHARDCHANNELS", "7.0.0", Kind.SHARD_CHANNEL),
                        numbers(
                                "SHARDNUMSUB",
                                "7.0.0",
                                Kind.SHARD_CHANNEL,
                                "[shardchannel [shardchannel ...]]"),
                        help())
                .container();
    }

    private static Command.Builder asking(String name, String since, int arity) {
        return command("PUBSUB|" + name, Group.PUBSUB)
                .since(since)
                .arity(arity)
                .flags(PUBSUB, LOADING, STALE);
    }

    private Command channels(String name, String since, Kind kind) {
        return asking(name, since, -2)
                .syntax("[pattern]")
                .summary("Tells the channels that somebody listens to.")
                .complexity("O(N) where N is the number of those channels.")
                .handledBy(call -> channels(call, kind));
    }

    private void channels(Call call, Kind kind) {
        if (call.count() > 3) {
            throw HelpText.unknownSubcommand(call);
        }
        List<byte[]> names = subscriptions.names(kind);
        if (call.count() == 3) {
            GlobPattern pattern = GlobPattern.compile(call.request().bytes(2));
            names = names.stream().filter(pattern::matches).toList();
        }
        call.reply().array(names.size());
        for (byte[] name : names) {
            call.reply().bulk(name);
        }
    }

    private Command numbers(String name, String since, Kind kind, String syntax) {
        return asking(name, since, -2)
                .syntax(syntax)
                .summary("Tells how many listen to each of the channels.")
                .complexity(PER_CHANNEL)
                .handledBy(
                        call -> {
                            call.reply().array((call.count() - 2) * 2L);
                            for (int i = 2; i < call.count(); i++) {
                                byte[] channel = call.request().bytes(i);
                                call.reply().bulk(channel);
                                call.reply().integer(subscriptions.listeners(kind, channel));
                            }
                        });
    }

    private static Command help() {
        return command("PUBSUB|HELP", Group.PUBSUB)
                .since("6.2.0")
                .arity(2)
                .flags(LOADING, STALE)
                .outsideGroupCategory()
                .summary("Explains the subcommands.")
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "PUBSUB",
                                        "CHANNELS [<pattern>]",
                                        "    Return the currently active channels matching a"
                                                + " <pattern> (default: '*').",
                                        "NUMPAT",
                                        "    Return number of subscriptions to patterns.",
                                        "NUMSUB [<channel> ...]",
                                        "    Return the number of subscribers for the specified"
                                                + " channels, excluding",
                                        "    pattern subscriptions(default: no channels).",
                                        "SHARDCHANNELS [<pattern>]",
                                        "    Return the currently active shard level channels"
                                                + " matching a <pattern> (default: '*').",
                                        "SHARDNUMSUB [<shardchannel> ...]",
                                        "    Return the number of subscribers for the specified"
                                                + " shard level channel(s)"));
    }
}

package io.keydb.server.client;

import io.keydb.server.keyspace.Database;
import io.keydb.server.net.Connection;
import io.keydb.server.net.OutputClass;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling: what the server remembers of one connection, or of one caller inside the server
 * (replication link, script), which has no connection.
 *
 * <p>Threads: written by the thread that serves the client; the volatile fields are read by CLIENT
 * LIST and CLIENT KILL from any thread.
 */
public final class Client {
    private static final byte[] NO_NAME = {};
    private static final String NO_ADDRESS = "?:0";

    /** About what it takes to remember that a client listens to a channel or watches a key. */
    private static final long NOTE_BYTES = 128;

    private final long id;
    private final @Nullable Connection connection;
    private final long createdMillis;
    private final Transaction transaction = new Transaction();
    private volatile String linkAddress = NO_ADDRESS;
    private volatile Database database;
    private volatile ClientKind kind = ClientKind.NORMAL;
    private volatile byte[] name = NO_NAME;
    private volatile byte[] libraryName = NO_NAME;
    private volatile byte[] libraryVersion = NO_NAME;
    private volatile long lastInteractionMillis;
    private volatile String lastCommand = "NULL";
    private volatile int protocol = 2;
    private volatile @Nullable User user;
    private volatile boolean authenticated;
    private volatile boolean unrestricted;
    private volatile @Nullable Waiting waiting;
    private volatile int channels;
    private volatile int patterns;
    private volatile int shardChannels;
    private volatile int traits;
    private volatile @Nullable Mailbox mailbox;
    private volatile long redirection = -1;
    private volatile boolean isRedirectionBroken;
    private volatile boolean monitor;
    private volatile boolean killed;
    private final List<ClientState> states = new CopyOnWriteArrayList<>();
    private volatile long countedBytes;
    private long lackingBytes;
    private boolean closing;
    private boolean lent;
    private boolean closed;

    public Client(long id, @Nullable Connection connection, Database database, long nowMillis) {
        this.id = id;
        this.connection = connection;
        this.database = database;
        this.createdMillis = nowMillis;
        this.lastInteractionMillis = nowMillis;
    }

    public long id() {
        return id;
    }

    /** The connection, or null for a caller inside the server. */
    public @Nullable Connection connection() {
        return connection;
    }

    /** Address and port of the other side; {@code ?:0} for a caller inside the server. */
    public String address() {
        return connection == null ? linkAddress : connection.remoteText();
    }

    /** Says where the link leads that this client stands for. */
    public void linkAddress(String address) {
        linkAddress = address;
    }

    public long createdMillis() {
        return createdMillis;
    }

    /** The database SELECT chose. */
    public Database database() {
        return database;
    }

    public void database(Database chosen) {
        database = chosen;
    }

    public ClientKind kind() {
        return kind == ClientKind.NORMAL && isSubscribed() ? ClientKind.PUBSUB : kind;
    }

    public void kind(ClientKind newKind) {
        kind = newKind;
    }

    /** Whether this is the link to a primary, whose writes are applied whatever the node's role. */
    public boolean isPrimary() {
        return kind == ClientKind.PRIMARY;
    }

    public byte[] name() {
        return name;
    }

    public void name(byte[] newName) {
        name = newName;
    }

    public byte[] libraryName() {
        return libraryName;
    }

    public void libraryName(byte[] newName) {
        libraryName = newName;
    }

    public byte[] libraryVersion() {
        return libraryVersion;
    }

    public void libraryVersion(byte[] newVersion) {
        libraryVersion = newVersion;
    }

    public long lastInteractionMillis() {
        return lastInteractionMillis;
    }

    /** Full name of the last command, in lower case. */
    public String lastCommand() {
        return lastCommand;
    }

    /** Notes that the client has just called a command. */
    @SuppressWarnings("ReferenceEquality") // names of commands are constants
    public void interacted(long nowMillis, String command) {
        // a volatile store costs more than to look: commands come in batches of the same moment
        if (lastInteractionMillis != nowMillis) {
            lastInteractionMillis = nowMillis;
        }
        if (lastCommand != command) {
            lastCommand = command;
        }
    }

    /** The RESP version, 2 or 3. */
    public int protocol() {
        return protocol;
    }

    public void protocol(int version) {
        protocol = version;
    }

    public boolean isAuthenticated() {
        return authenticated;
    }

    /** Makes it a caller inside the server, whom nothing is forbidden. */
    public void trust() {
        user(null, true);
    }

    /** Whom it has authenticated as; null for a caller whom nothing is forbidden. */
    public @Nullable User user() {
        return user;
    }

    /** Any thread. */
    public void user(@Nullable User newUser, boolean isAuthenticated) {
        user = newUser;
        authenticated = isAuthenticated;
        if (connection != null) {
            connection.unauthenticated(!isAuthenticated);
        }
        rightsChanged();
    }

    /**
     * Whether it may run every command on every key: the one question that is asked for every
     * command. When not, there is more to ask.
     */
    public boolean isUnrestricted() {
        return unrestricted;
    }

    /**
     * What its user may do has changed, or the user. Whoever changes the user before calling this
     * can be sure that {@link #isUnrestricted} is right afterwards, whatever other threads do. Any
     * thread.
     */
    public synchronized void rightsChanged() {
        User current = user;
        unrestricted =
                !killed
                        && authenticated
                        && !has(Trait.READS_LOG)
                        && (current == null || current.isUnrestricted());
    }

    /** Whether somebody has put an end to it, be its connection closed by now or not. */
    public boolean isKilled() {
        return killed;
    }

    /**
     * Puts an end to it: no command of it runs from now on, it hears nothing and counts nowhere.
     * Its loop closes the connection in a moment. Any thread.
     */
    void kill() {
        killed = true;
        rightsChanged();
        states.forEach(ClientState::killed);
        if (connection != null) {
            connection.closeSoon();
        }
    }

    /** What it waits for, or null when it is not blocked. Any thread. */
    public @Nullable Waiting waiting() {
        return waiting;
    }

    public void waiting(@Nullable Waiting something) {
        waiting = something;
    }

    /** Whether anything about it is unusual. Any thread. */
    public boolean isUnusual() {
        return traits != 0;
    }

    /** Any thread. */
    public boolean has(Trait trait) {
        return (traits & trait.bit()) != 0;
    }

    // Written by the thread that serves the client alone.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void set(Trait trait, boolean holds) {
        traits = holds ? traits | trait.bit() : traits & ~trait.bit();
    }

    /** What CLIENT has made of it holds no longer: RESET. */
    public void treatedAsNew() {
        set(Trait.HEARS_NO_REPLIES, false);
        set(Trait.SKIPS_NEXT_REPLY, false);
        set(Trait.NOT_EVICTED, false);
        set(Trait.TOUCHES_NOTHING, false);
    }

    /** Whether it does not hear the reply to the command that runs. */
    public boolean isDeaf() {
        return has(Trait.HEARS_NO_REPLIES) || has(Trait.SKIPS_REPLY);
    }

    /** Where its invalidations go: the id of a client, 0 to itself, -1 nowhere. Any thread. */
    public long redirection() {
        return redirection;
    }

    public void redirection(long id) {
        redirection = id;
        isRedirectionBroken = false;
    }

    /** Whether the client its invalidations go to was found to be gone. Any thread. */
    public boolean isRedirectionBroken() {
        return isRedirectionBroken;
    }

    public void redirectionBroken() {
        isRedirectionBroken = true;
    }

    /** What is to be pushed to it. Any thread. */
    public Mailbox mailbox() {
        Mailbox known = mailbox;
        return known != null ? known : newMailbox();
    }

    private synchronized Mailbox newMailbox() {
        Mailbox known = mailbox;
        if (known == null) {
            known = new Mailbox(this);
            mailbox = known;
        }
        return known;
    }

    /** Its next reply is written elsewhere: pushes wait until {@link #releasePushes}. */
    public void holdPushes() {
        Mailbox known = mailbox;
        if (known != null) {
            known.hold();
        }
    }

    public void releasePushes() {
        Mailbox known = mailbox;
        if (known != null) {
            known.release();
        }
    }

    /** What a subsystem remembers of this client, or null. Any thread. */
    public <T extends ClientState> @Nullable T state(Class<T> type) {
        for (ClientState state : states) {
            if (type.isInstance(state)) {
                return type.cast(state);
            }
        }
        return null;
    }

    /** Remembers something of this client until it is gone. */
    public void attach(ClientState state) {
        states.add(state);
    }

    /** Notes how many channels, patterns and sharded channels the client listens to. */
    public void listening(int newChannels, int newPatterns, int newShardChannels) {
        channels = newChannels;
        patterns = newPatterns;
        shardChannels = newShardChannels;
        if (connection != null) {
            if (kind == ClientKind.NORMAL) {
                connection.outputClass(isSubscribed() ? OutputClass.PUBSUB : OutputClass.NORMAL);
            }
            connection.timeoutExempt(isSubscribed() || monitor);
        }
    }

    /** Whether the client is shown all commands: MONITOR. */
    public boolean isMonitor() {
        return monitor;
    }

    /** Says whether the client is shown all commands. */
    public void monitor(boolean yes) {
        monitor = yes;
        if (connection != null) {
            connection.timeoutExempt(isSubscribed() || monitor);
        }
    }

    public int channels() {
        return channels;
    }

    public int patterns() {
        return patterns;
    }

    public int shardChannels() {
        return shardChannels;
    }

    /** Whether the client listens to anything. */
    public boolean isSubscribed() {
        return (channels | patterns | shardChannels) != 0;
    }

    public Transaction transaction() {
        return transaction;
    }

    /** Whether the connection closes once the replies written so far are sent. */
    public boolean isClosing() {
        return closing;
    }

    /** Closes the connection once the replies written so far are sent. */
    public void closeAfterReplies() {
        closing = true;
        if (connection != null) {
            connection.closeAfterReplies();
        }
    }

    /**
     * Memory that it takes: unread input, unsent replies, queued commands, what it watches and
     * listens to. Any thread, a moment late.
     */
    public long memoryBytes() {
        long notes = (long) transaction.watchedCount() + channels + patterns + shardChannels;
        long bytes = transaction.queuedBytes() + notes * NOTE_BYTES;
        for (ClientState state : states) {
            bytes += state.memoryBytes();
        }
        return connection == null
                ? bytes
                : bytes + connection.inputBufferBytes() + connection.outputBufferBytes();
    }

    /** What of its memory was last counted in the sum over all clients. Any thread. */
    public long countedBytes() {
        return countedBytes;
    }

    public void countedBytes(long bytes) {
        countedBytes = bytes;
    }

    /** Bytes for which room is to be made before its request runs; 0 for none. */
    public long lackingBytes() {
        return lackingBytes;
    }

    public void lacksBytes(long bytes) {
        lackingBytes = bytes;
    }

    /**
     * A worker runs a command of this client: what the client holds must outlive its connection.
     */
    public void lend() {
        lent = true;
        holdPushes();
    }

    /**
     * The worker is done.
     *
     * @return whether the connection was closed meanwhile; then the client is released now
     */
    public boolean giveBack() {
        lent = false;
        if (closed) {
            release();
        }
        return closed;
    }

    /** The connection is gone. */
    public void closed() {
        closed = true;
        if (!lent) {
            release();
        }
    }

    /** Has all subsystems forget what they remember of this client. */
    public void forget() {
        states.forEach(ClientState::ended);
    }

    /** Frees what the client holds; called once, when it is gone. */
    public void release() {
        forget();
        transaction.close();
        transaction.unwatchAll();
    }
}

package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.ExpiryMode;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Reserved;
import io.keydb.server.net.Connection;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.string.StringText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One running command: who calls, with which arguments, where the reply goes, and what has been
 * touched so far. Reused from command to command; what it hands out is valid until the command
 * ends.
 *
 * <p>Threads: confined to the thread that runs the command; every event loop and every worker has
 * its own.
 */
public final class Call {
    private static final long DEFAULT_LONGEST_STRING = 512L << 20;

    /** Room for the text of an integer. */
    private static final int SCRATCH_BYTES = 32;

    /** An event loop goes through so many elements within a millisecond or two. */
    private static final long MOST_ON_EVENT_LOOP = 20_000;

    private final Keyspace keyspace;
    private final Permissions permissions;
    private final Effects effects;
    private final StringText text;
    private final Element element = new Element();
    private final Reserved scratch = new Reserved(SCRATCH_BYTES);
    private final Commits commits;
    private final Request queuedRequest = new Request();
    private final CommandStatistics statistics;
    private Entry[] entries = {new Entry(), new Entry()};
    private int entryCount;
    private Key[] keys = newKeys(4);
    private int[] keyIndexes = new int[4];
    private int keyCount;
    private int unitKeys;
    private int nextKey;
    private Client client;
    private Request request;
    private ReplyWriter reply;
    private Command command;
    private long longestString = DEFAULT_LONGEST_STRING;
    private long nowMillis;
    private long lapNanos;
    private long replyStart;
    private long spentNanos;
    private boolean inTransaction;
    private boolean onEventLoop;

    private @Nullable Object[] reused = new Object[8];
    private boolean isServed;
    private @Nullable ReplyPort replyPort;
    private @Nullable LateReply lateReply;
    private @Nullable Object waitState;
    private @Nullable BlockTerms blockTerms;
    private @Nullable Waiter waiter;
    private @Nullable Outer outer;

    // The first client, request, reply and command come with the first call.
    @SuppressWarnings("NullAway.Init")
    Call(Keyspace keyspace, CommandStatistics statistics, Permissions permissions) {
        this.permissions = permissions;
        this.keyspace = keyspace;
        this.statistics = statistics;
        this.effects = new Effects(keyspace.pages());
        this.text = new StringText(keyspace.pages());
        this.commits = new Commits(keyspace);
    }

    public Client client() {
        return client;
    }

    public Request request() {
        return request;
    }

    public ReplyWriter reply() {
        return reply;
    }

    public Command command() {
        return command;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    /** What users may do. */
    public Permissions permissions() {
        return permissions;
    }

    /** Whether the client may run this command and besides read every key there is. */
    public boolean mayReadAllKeys() {
        return client.isUnrestricted() || permissions.allowReadingAllKeys(client, command, request);
    }

    /** The database the client has chosen. */
    public Database database() {
        return client.database();
    }

    /** What the running unit leaves to the log. */
    public Effects effects() {
        return effects;
    }

    /** Whether the command runs within EXEC. */
    public boolean inTransaction() {
        return inTransaction;
    }

    /** Whether a script runs the command. */
    public boolean inScript() {
        return outer != null;
    }

    /** Who learns what the command reads: the client, or whose script runs it. */
    Client reader() {
        return outer == null ? client : outer.client;
    }

    /** Whether the command may still move to a worker: it runs on an event loop. */
    boolean isOnEventLoop() {
        return onEventLoop;
    }

    void onEventLoop(boolean yes) {
        onEventLoop = yes;
    }

    /**
     * Says how many elements the command is about to go through, before it has changed anything.
     * When they are so many that the event loop would stand still, the command ends here and begins
     * again on a worker; so the keys are to be looked up behind this, too.
     */
    public void expectWork(long elements) {
        if (elements > MOST_ON_EVENT_LOOP && onEventLoop && !inTransaction) {
            throw MoveToWorker.INSTANCE;
        }
    }

    /**
     * Says that the command is about to wait, before it has changed anything: on an event loop it
     * ends here and begins again on a worker. Gives whether it may wait, which it must not within a
     * transaction.
     */
    public boolean mayStandStill() {
        if (onEventLoop && !inTransaction) {
            throw MoveToWorker.INSTANCE;
        }
        return !onEventLoop;
    }

    /**
     * Argument {@code i} as the timeout of a blocking command, in seconds with decimals; gives
     * milliseconds, 0 for ever.
     *
     * @throws CommandError as stock says it
     */
    public long timeout(int i) {
        return Timeouts.seconds(request, i, nowMillis);
    }

    /**
     * Argument {@code i} as the timeout of a blocking command, in milliseconds, 0 for ever.
     *
     * @throws CommandError as stock says it
     */
    public long timeoutMillis(int i) {
        return Timeouts.millis(request, i, nowMillis);
    }

    /**
     * Whether {@link #block} really waits. It does not within a transaction or a script, on the
     * link to a primary, and for callers inside the server.
     */
    public boolean mayBlock() {
        return !inTransaction
                && !client.isPrimary()
                && (client.connection() != null || replyPort != null);
    }

    /** What the command gave to {@link #block} when it began to wait; null on its first run. */
    public @Nullable Object waitState() {
        return waitState;
    }

    /** Whether the command has waited and now runs again. */
    public boolean hasWaited() {
        return isServed;
    }

    /**
     * Waits until one of the keys {@code firstKey} to {@code lastKey} (argument numbers) is touched
     * and holds a value of this type; then the command runs again from the start. The handler has
     * changed nothing and returns right after this, without a reply. Where waiting is not allowed
     * ({@link #mayBlock}), this replies the null array at once; so does the end of the timeout.
     *
     * @param timeoutMillis from {@link #timeout}; 0 is for ever; what later runs say is ignored
     */
    public void block(long timeoutMillis, int type, int firstKey, int lastKey) {
        block(new BlockTerms(timeoutMillis, type, firstKey, lastKey, false, null));
    }

    /**
     * As {@link #block(long, int, int, int)}; {@link #waitState} gives {@code state} when the
     * command runs again, and it also does so when a key is gone or holds another type if {@code
     * wakesWithoutValue}.
     */
    public void block(
            long timeoutMillis,
            int type,
            int firstKey,
            int lastKey,
            boolean wakesWithoutValue,
            @Nullable Object state) {
        block(new BlockTerms(timeoutMillis, type, firstKey, lastKey, wakesWithoutValue, state));
    }

    private void block(BlockTerms terms) {
        if (mayBlock()) {
            blockTerms = terms;
        } else {
            reply.nullArray();
        }
    }

    /** Whether the command has asked to wait. */
    boolean blocks() {
        return blockTerms != null;
    }

    BlockTerms blockTerms() {
        return Objects.requireNonNull(blockTerms);
    }

    @Nullable ReplyPort replyPort() {
        return replyPort;
    }

    /** Lets a caller without a connection wait. */
    void replyPort(@Nullable ReplyPort port) {
        replyPort = port;
    }

    /** What follows is replied there: the replies of a client that is lent to a worker. */
    void lateReply(@Nullable LateReply late) {
        lateReply = late;
    }

    /** The command takes long: replies to those before it need not wait for it. */
    void sendAhead() {
        Connection connection = reader().connection();
        if (lateReply != null && connection != null) {
            lateReply.sendAhead(connection, replyStart);
        }
    }

    /** What follows is another run of a command that waits. */
    void serving(@Nullable Waiter served) {
        isServed = served != null;
        waitState = served == null ? null : served.terms().state();
        spentNanos = served == null ? 0 : served.spentNanos();
        replyPort = served == null ? null : bytes -> {};
    }

    void waiter(Waiter registered) {
        waiter = registered;
    }

    /** Who waits since the last command, or null; asked once. */
    @Nullable Waiter takeWaiter() {
        Waiter taken = waiter;
        waiter = null;
        return taken;
    }

    /** Unix milliseconds at which this batch of commands was read. */
    public long nowMillis() {
        return nowMillis;
    }

    /** Number of arguments, with the command's name. */
    public int count() {
        return request.count();
    }

    /** Whether argument {@code i} is this keyword, which is given in upper case. */
    public boolean is(int i, String keyword) {
        return is(request, i, keyword);
    }

    /** Whether argument {@code i} of a request is this keyword, which is given in upper case. */
    public static boolean is(Request request, int i, String keyword) {
        int length = request.length(i);
        if (length != keyword.length()) {
            return false;
        }
        long address = request.address(i);
        for (int j = 0; j < length; j++) {
            int b = Memory.getByte(address + j);
            if (b >= 'a' && b <= 'z') {
                b -= 32;
            }
            if (b != keyword.charAt(j)) {
                return false;
            }
        }
        return true;
    }

    /** Whether argument {@code i} is an integer. */
    public boolean isInteger(int i) {
        return DecimalText.isInteger(request.address(i), request.length(i));
    }

    /**
     * Argument {@code i} as an integer.
     *
     * @throws CommandError when it is none
     */
    public long integer(int i) {
        return integer(i, Errors.NOT_AN_INTEGER);
    }

    /** Argument {@code i} as an integer; throws {@code otherwise} when it is none. */
    public long integer(int i, CommandError otherwise) {
        long address = request.address(i);
        int length = request.length(i);
        long value = DecimalText.parse(address, length);
        if (value == DecimalText.NONE && !DecimalText.isLeast(address, length)) {
            throw otherwise;
        }
        return value;
    }

    /**
     * Checks that a string may become {@code length + more} bytes long.
     *
     * @throws CommandError when that is beyond {@code proto-max-bulk-len}
     */
    public void requireStringLength(long length, long more) {
        if (length + more < 0 || (length + more > longestString && !client.isPrimary())) {
            throw Errors.STRING_TOO_LONG;
        }
    }

    /** The longest string there may be: {@code proto-max-bulk-len}. */
    public long longestString() {
        return longestString;
    }

    /** Bytes a command may use for a moment to work out its reply: {@code proto-max-bulk-len}. */
    public long memoryForReply() {
        return longestString;
    }

    /**
     * The database whose number argument {@code i} is.
     *
     * @throws CommandError when it is no integer, or there is no such database
     */
    public Database databaseArgument(int i) {
        long index = integer(i);
        if (index != (int) index) {
            throw Errors.BEYOND_32_BITS;
        }
        if (index < 0 || index >= keyspace.databases()) {
            throw Errors.DATABASE_OUT_OF_RANGE;
        }
        return keyspace.database((int) index);
    }

    /** Argument {@code i} as text, one character for each byte. */
    public String text(int i) {
        return new String(request.bytes(i), StandardCharsets.ISO_8859_1);
    }

    /**
     * Argument {@code i} as a key; the dispatcher has located it already when its lock was taken.
     */
    public Key key(int i) {
        if (nextKey < keyCount && keyIndexes[nextKey] == i) {
            return keys[nextKey++];
        }
        for (int j = unitKeys; j < keyCount; j++) {
            if (keyIndexes[j] == i) {
                nextKey = j + 1;
                return keys[j];
            }
        }
        return locate(i);
    }

    /**
     * The record of argument {@code i}'s key in the chosen database, or 0.
     *
     * @throws CommandError when it holds another type than {@code type}
     */
    public long find(int i, int type) {
        Key key = key(i);
        long record = database().find(key);
        if (command.has(CommandFlag.READONLY)) {
            lookedUp(key, record != 0);
        }
        if (record != 0 && Record.type(record) != type) {
            throw Errors.WRONG_TYPE;
        }
        return record;
    }

    /**
     * The entry of argument {@code i}'s key in the chosen database, present or not; counts as an
     * access of it. Valid until the command ends.
     *
     * @throws CommandError when it holds another type than {@code type}
     */
    public Entry entry(int i, int type) {
        Key key = key(i);
        long record = database().find(key);
        if (command.has(CommandFlag.READONLY)) {
            lookedUp(key, record != 0);
        }
        if (record != 0 && Record.type(record) != type) {
            throw Errors.WRONG_TYPE;
        }
        return nextEntry().set(database(), key, record);
    }

    /** The entry of a key, whatever it holds; counts as an access of it. */
    public Entry entry(Database database, Key key) {
        return nextEntry().set(database, key, database.find(key));
    }

    private Entry nextEntry() {
        if (entryCount == entries.length) {
            int old = entries.length;
            entries = Arrays.copyOf(entries, old * 2);
            for (int i = old; i < entries.length; i++) {
                entries[i] = new Entry();
            }
        }
        return entries[entryCount++];
    }

    /** The bytes of a string record; valid until the record changes or the next call. */
    public StringText stringOf(long record) {
        return text.of(record);
    }

    /** An element to point somewhere; valid until somebody asks for it again. */
    public Element element() {
        return element;
    }

    /** This call's own object of what is declared; as the last command left it. */
    @SuppressWarnings("unchecked") // a slot has only ever what its declaration makes
    public <T> T reused(Reused<T> declared) {
        int slot = declared.slot();
        if (slot >= reused.length) {
            reused = Arrays.copyOf(reused, slot + 8);
        }
        Object known = reused[slot];
        if (known == null) {
            known = declared.make();
            reused[slot] = known;
        }
        return (T) known;
    }

    /** {@value #SCRATCH_BYTES} bytes to write to; valid until somebody asks for them again. */
    public long scratch() {
        return scratch.address();
    }

    /** Replies an element of a collection as a bulk string. */
    public void bulk(Element element) {
        if (element.isInteger()) {
            reply.bulkInteger(element.integer());
        } else {
            reply.bulk(element.address(), element.length());
        }
    }

    /** Notes that the command has changed, added or removed this key of the chosen database. */
    public void touched(Key key) {
        touched(database(), key);
    }

    /** Notes that the command has changed, added or removed this key. */
    public void touched(Database database, Key key) {
        commits.touched(database, key);
        noteLocal(database, key);
    }

    private void noteLocal(Database database, Key key) {
        if (keyspace.expiryMode() == ExpiryMode.HIDE && !client.isPrimary()) {
            keyspace.localKeys().add(database.index(), key);
        }
    }

    /**
     * Notes so many changes of this key of the chosen database at once; none when they are counted
     * with another key's.
     */
    public void touched(Key key, long changes) {
        commits.touched(database(), key, changes);
        noteLocal(database(), key);
    }

    /** Counts whether a key that was to be read was there, and tells who wants to know if not. */
    public void lookedUp(Key key, boolean found) {
        statistics.lookedUp(found);
        if (!found) {
            event(EventClass.KEY_MISS, "keymiss", key);
        }
    }

    /**
     * Tells those who want to know what has happened to a key of the chosen database, by the name
     * of the event as {@code hset}.
     */
    public void event(EventClass of, String event, Key key) {
        keyspace.events().tell(of, event, database(), key);
    }

    /** Tells those who want to know what has happened to a key. */
    public void event(EventClass of, String event, Database database, Key key) {
        keyspace.events().tell(of, event, database, key);
    }

    /** Notes that all keys of a database are gone, {@code removed} of them. */
    public void flushed(int database, long removed) {
        commits.flushed(database, removed);
    }

    /** Notes a change of something that is no key; the request goes to the log. */
    public void changedBesidesKeys() {
        commits.changedBesidesKeys();
    }

    /** Notes that two databases were exchanged. */
    public void swapped() {
        commits.swapped();
    }

    /** Where the reply of the unit begins: an error drops what was written behind. */
    long replyStart() {
        return replyStart;
    }

    void replyStart(long length) {
        replyStart = length;
    }

    /** Points at the next command; keys of earlier commands of the unit stay valid. */
    void begin(Client caller, Request newRequest, ReplyWriter newReply, Command newCommand) {
        client = caller;
        request = newRequest;
        reply = newReply;
        command = newCommand;
        unitKeys = keyCount;
        nextKey = keyCount;
        entryCount = 0;
        blockTerms = null;
    }

    /** From now on commands run within this one, until {@link #endScript}. */
    void beginScript() {
        outer = new Outer(client, request, reply, command, keyCount, inTransaction, lapNanos);
        inTransaction = true;
        commits.byScript(true);
    }

    /** Points at a command of the script; the keys of the one before are forgotten. */
    void beginInner(Client caller, Request newRequest, ReplyWriter newReply, Command newCommand) {
        keyCount = Objects.requireNonNull(outer).keyCount;
        begin(caller, newRequest, newReply, newCommand);
    }

    /** The command that {@link #beginScript} was called for goes on. It leaves nothing itself. */
    void endScript() {
        Outer before = Objects.requireNonNull(outer);
        outer = null;
        keyCount = before.keyCount;
        begin(before.client, before.request, before.reply, before.command);
        inTransaction = before.inTransaction;
        lapNanos = before.lapNanos;
        commits.byScript(false);
        effects.none();
    }

    /** What a command has had in hand before others ran within it. */
    private record Outer(
            Client client,
            Request request,
            ReplyWriter reply,
            Command command,
            int keyCount,
            boolean inTransaction,
            long lapNanos) {}

    /** Forgets the keys and effects of the last unit. */
    void beginUnit(boolean recording, boolean transaction) {
        keyCount = 0;
        unitKeys = 0;
        nextKey = 0;
        inTransaction = transaction;
        effects.beginUnit(recording);
        commits.clear();
    }

    /** Takes argument {@code i} as a key and remembers it. */
    Key locate(int i) {
        if (keyCount == keys.length) {
            int old = keys.length;
            keys = Arrays.copyOf(keys, old * 2);
            keyIndexes = Arrays.copyOf(keyIndexes, old * 2);
            System.arraycopy(newKeys(old), 0, keys, old, old);
        }
        keyIndexes[keyCount] = i;
        return keys[keyCount++].set(request.address(i), command.keyLength(request, i));
    }

    /** Shows the requests of a transaction one after the other. */
    Request queuedRequest() {
        return queuedRequest;
    }

    Commits commits() {
        return commits;
    }

    public CommandStatistics statistics() {
        return statistics;
    }

    void nowMillis(long millis) {
        nowMillis = millis;
    }

    void longestString(long bytes) {
        longestString = bytes;
    }

    void startTimer(long nanos) {
        lapNanos = nanos;
    }

    /** When the last lap ended, or the timer was started. */
    long lapStart() {
        return lapNanos;
    }

    /** What earlier runs of a command that waits have taken. */
    long spentNanos() {
        return spentNanos;
    }

    /** One more run has found nothing. */
    void spent(long nanos) {
        spentNanos = (isServed ? spentNanos : 0) + nanos;
    }

    /** Nanoseconds since the last lap or the start of the timer. */
    long lap(long nanos) {
        long took = nanos - lapNanos;
        lapNanos = nanos;
        return took;
    }

    private static Key[] newKeys(int count) {
        Key[] keys = new Key[count];
        for (int i = 0; i < count; i++) {
            keys[i] = new Key();
        }
        return keys;
    }
}

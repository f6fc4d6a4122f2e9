package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;

/**
 * Tells the peers of an active node the whole state of a key anew, as a write of now.
 *
 * <p>Threads: confined to one thread; the key's lock is held.
 */
public final class StateSender {
    private final EffectLog log;
    private final StateForm form;
    private final Effects effects;

    StateSender(Keyspace keyspace, EffectLog log, StateForm form) {
        this.log = log;
        this.form = form;
        this.effects = new Effects(keyspace.pages());
    }

    /** Stamps the key and appends its state to the log. */
    public void send(Database database, Key key) {
        long stamp = log.nextStamp();
        database.stamp(key, stamp, log.ownOrigin());
        effects.restart();
        StateEffects.write(effects, database, key, form);
        log.append(effects, stamp);
    }

    /** Gives its memory back. */
    public void release() {
        effects.release();
    }
}

package io.keydb.server.client;

import io.keydb.server.net.Connection;
import io.keydb.server.resp.ReplyWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is to be pushed to a client without being asked for, as messages and invalidations, in the
 * order in which it came about.
 *
 * <p>Mail is sent by a task on the loop of the connection, so it never stands within a reply. It is
 * held back while a reply is written elsewhere (on a worker, or for a client that waited): what
 * happened after that reply must stand behind it.
 *
 * <p>Threads: mail may come from any thread. It is taken under the monitor of the mailbox, by the
 * loop of the connection or by the thread that runs a command of the client.
 */
public final class Mailbox {
    /** One push. */
    public interface Mail {
        /** Writes it, unless the client is not to have it any more. */
        void write(Client client, ReplyWriter reply);
    }

    private final Client client;
    private final Queue<Mail> mails = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isAwaitingSend = new AtomicBoolean();
    private int holds;

    Mailbox(Client client) {
        this.client = client;
    }

    /** Sees to it that it is sent behind all that came before. Any thread. */
    public void add(Mail mail) {
        Connection connection = client.connection();
        if (connection != null) {
            mails.add(mail);
            sendSoon(connection);
        }
    }

    private void sendSoon(Connection connection) {
        if (!isAwaitingSend.getAndSet(true)) {
            connection.execute(() -> send(connection));
        }
    }

    private synchronized void send(Connection connection) {
        isAwaitingSend.set(false);
        if (holds == 0 && !mails.isEmpty()) {
            if (connection.isClosed()) {
                mails.clear();
            } else {
                drainTo(connection.reply());
                connection.flushPushes();
            }
        }
    }

    /** Writes what has come so far: it happened before what the client is about to read. */
    public synchronized void drainTo(ReplyWriter reply) {
        boolean wasDiscarding = reply.isDiscarding();
        reply.discarding(false);
        for (Mail mail = mails.poll(); mail != null; mail = mails.poll()) {
            mail.write(client, reply);
        }
        reply.discarding(wasDiscarding);
    }

    /** A reply is written elsewhere from now on. */
    synchronized void hold() {
        holds++;
    }

    /** That reply stands where the others do, or there is none. */
    synchronized void release() {
        if (holds > 0) {
            holds--;
        }
        Connection connection = client.connection();
        if (holds == 0 && !mails.isEmpty() && connection != null) {
            sendSoon(connection);
        }
    }
}

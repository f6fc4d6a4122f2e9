package io.keydb.server.net;

import io.keydb.server.net.tls.Certificate;
import io.keydb.server.net.tls.ClientNames;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.net.tls.TlsException;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks TLS: it is opened when the handshake is complete, and counted among the
 * handshakes until then.
 *
 * <p>Threads: confined to the connection's event loop; the counter is shared.
 */
final class SecureConnection implements TlsTransport.Plain {

    private final Connection connection;
    private final TlsContexts contexts;
    private final AtomicInteger shakingHands;
    private final HandshakeLog log;
    private final TlsTransport transport;
    private boolean isCounted = true;

    SecureConnection(
            Connection connection,
            DuplexChannel channel,
            TlsContexts contexts,
            AtomicInteger shakingHands,
            HandshakeLog log) {
        this.connection = connection;
        this.contexts = contexts;
        this.shakingHands = shakingHands;
        this.log = log;
        shakingHands.incrementAndGet();
        transport = TlsTransport.accepted(connection.eventLoop(), channel, this, contexts);
        connection.flow().secure(transport);
    }

    TlsTransport transport() {
        return transport;
    }

    @Override
    public Input input() {
        return connection.flow().input();
    }

    @Override
    public @Nullable String established() {
        uncount();
        ClientNames names = contexts.clientNames();
        if (names.hasRules()) {
            String refusal = refusal(names);
            if (refusal != null) {
                return refusal;
            }
        }
        connection.opened();
        return null;
    }

    private @Nullable String refusal(ClientNames names) {
        byte[] shown = transport.peerCertificate();
        try {
            Certificate certificate = shown == null ? null : Certificate.read(shown);
            if (certificate != null && names.audits()) {
                boolean isOn = names.isAudited(certificate);
                connection.audit(new Audit(certificate.fingerprint(), isOn));
            }
            return names.refusal(certificate);
        } catch (TlsException unreadable) {
            return unreadable.getMessage();
        }
    }

    @Override
    public void received(Block block) {
        connection.received(block);
    }

    @Override
    public void inputEnded() {
        connection.flow().inputEnded();
    }

    @Override
    public void writabilityChanged() {
        connection.flow().writabilityChanged();
    }

    @Override
    public void broken(String reason) {
        if (!connection.isOpened()) {
            log.failed(reason, connection.remoteText(), connection.localText());
        }
        connection.flow().end(CloseCause.NETWORK);
    }

    @Override
    public void ended() {
        if (connection.isOpened()) {
            connection.ended();
        }
    }

    @Override
    public void removed() {
        uncount();
        connection.removed();
    }

    private void uncount() {
        if (isCounted) {
            isCounted = false;
            shakingHands.decrementAndGet();
        }
    }
}

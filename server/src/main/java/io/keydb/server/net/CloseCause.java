package io.keydb.server.net;

/** Why a connection has ended. */
public enum CloseCause {
    /** The peer has closed it. */
    PEER,
    /** The network has failed. */
    NETWORK,
    /** The server has closed it: QUIT, CLIENT KILL, a refused client, shutdown. */
    SERVER,
    /** The client sent what is no request. */
    PROTOCOL_ERROR,
    /** Nothing was heard for {@code timeout} seconds. */
    IDLE,
    /** The client does not read its replies. */
    OUTPUT_LIMIT,
    /** A request is longer than {@code client-query-buffer-limit}. */
    INPUT_LIMIT
}

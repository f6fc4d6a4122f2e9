package io.keydb.module;

/** What a command does with a key; first one of the first four, then what else is true. */
public enum KeyUse {
    /** Reads the value. */
    RO,
    /** Reads and writes the value. */
    RW,
    /** Overwrites the value whatever it is. */
    OW,
    /** Removes the value. */
    RM,
    /** Tells the caller something of the value; users need permission to read it. */
    ACCESS,
    /** Changes the value; users need permission to write it. */
    UPDATE,
    /** Adds to the value and changes nothing that is there; users need permission to write. */
    INSERT,
    /** Removes from the value; users need permission to write it. */
    DELETE
}

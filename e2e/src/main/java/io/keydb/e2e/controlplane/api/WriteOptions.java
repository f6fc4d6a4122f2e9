package io.keydb.e2e.controlplane.api;

/**
 * How a write is to be carried out.
 *
 * @param manager the field manager that owns what the write changes
 * @param subresource {@code status}, or the empty string
 * @param force whether an apply takes fields from other managers
 * @param dryRun whether to answer without storing
 * @param strict whether unknown fields refuse the write
 *     <p>Threads: immutable.
 */
public record WriteOptions(
        String manager, String subresource, boolean force, boolean dryRun, boolean strict) {

    /** A plain write by a manager. */
    public static WriteOptions by(String manager) {
        return new WriteOptions(manager, "", false, false, false);
    }

    /** The same for the status subresource. */
    public WriteOptions onStatus() {
        return new WriteOptions(manager, "status", force, dryRun, strict);
    }

    /** The same with conflicts overruled. */
    public WriteOptions forced() {
        return new WriteOptions(manager, subresource, true, dryRun, strict);
    }

    /** The same with unknown fields refused. */
    public WriteOptions strictly() {
        return new WriteOptions(manager, subresource, force, dryRun, true);
    }

    boolean statusOnly() {
        return subresource.equals("status");
    }
}

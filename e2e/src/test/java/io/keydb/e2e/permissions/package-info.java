/**
 * Proof that the permissions in the operator's chart are those that the operator needs: it is run
 * behind a proxy that lets through only what the rendered roles allow.
 *
 * <p>Start at {@link io.keydb.e2e.permissions.OperatorPermissionsTest}. Threads: the proxy uses
 * virtual threads, a connection each way.
 */
@NullMarked
package io.keydb.e2e.permissions;

import org.jspecify.annotations.NullMarked;

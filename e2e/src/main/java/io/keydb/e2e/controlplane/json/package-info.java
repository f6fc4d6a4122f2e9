/**
 * JSON trees as the control plane uses them: one mapper, one number type, short paths.
 *
 * <p>The lowest package of the control plane; everything else builds on it. Threads: stateless.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.json.Json}.
 */
@NullMarked
package io.keydb.e2e.controlplane.json;

import org.jspecify.annotations.NullMarked;

/**
 * Scripts against real server processes: what scripts that mean harm can do.
 *
 * <p>Start with {@link io.keydb.e2e.scripting.HostileScriptsTest}.
 */
@NullMarked
package io.keydb.e2e.scripting;

import org.jspecify.annotations.NullMarked;

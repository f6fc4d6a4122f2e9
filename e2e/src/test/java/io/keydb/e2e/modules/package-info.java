/** Modules as users write them, in real server processes. */
@NullMarked
package io.keydb.e2e.modules;

import org.jspecify.annotations.NullMarked;

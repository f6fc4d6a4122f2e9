/** A module for the tests of modules: what goes well, and what goes wrong in every way. */
@NullMarked
package io.keydb.testmodule;

import org.jspecify.annotations.NullMarked;

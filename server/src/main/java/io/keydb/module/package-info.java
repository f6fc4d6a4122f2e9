/**
 * What a module is written against: new commands, types of values and parameters of the
 * configuration, in a jar that a running server loads with {@code MODULE LOAD}.
 *
 * <p>A module implements {@link io.keydb.module.ServerModule} and names its class in {@code
 * META-INF/services/io.keydb.module.ServerModule} of its jar. It sees this package and the JDK,
 * nothing else of the server; what else it needs it brings in its jar.
 *
 * <p>Nothing in this package depends on the server, and what is in it stays: later versions add
 * methods with defaults, and take none away.
 *
 * <p>Start with {@link io.keydb.module.ServerModule}; {@code examples/bloom-filter} is a whole
 * module.
 */
@NullMarked
package io.keydb.module;

import org.jspecify.annotations.NullMarked;

/**
 * Puts the operator together: settings from the environment, one object of each class, leader
 * election.
 *
 * <p>The only package that sees Quarkus and CDI. Start reading at {@link
 * io.keydb.operator.boot.Composition}.
 */
@NullMarked
package io.keydb.operator.boot;

import org.jspecify.annotations.NullMarked;

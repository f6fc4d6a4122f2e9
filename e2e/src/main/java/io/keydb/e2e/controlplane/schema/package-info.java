/**
 * Structural schemas of custom resources: unknown-field pruning, defaults, validation in the API
 * server's words, and CEL rules.
 *
 * <p>Called by the API server when a custom resource definition or a custom resource is written.
 * Knows no store and no request.
 *
 * <p>Threads: schemas and compiled rules are immutable.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.schema.CustomSchema}.
 */
@NullMarked
package io.keydb.e2e.controlplane.schema;

import org.jspecify.annotations.NullMarked;

/**
 * How two versions of a document become one: server-side apply with field ownership, JSON merge
 * patch, JSON patch and strategic merge patch.
 *
 * <p>Pure functions on JSON trees, called by the API server's verbs; they know no kind, store or
 * request. What they need to know about a type (which lists are keyed, which maps are atomic) comes
 * as a {@link io.keydb.e2e.controlplane.merge.Shape}.
 *
 * <p>Threads: none of its own; {@link io.keydb.e2e.controlplane.merge.FieldSet} is confined to one
 * request.
 *
 * <p>Start at {@link io.keydb.e2e.controlplane.merge.ServerSideApply}.
 */
@NullMarked
package io.keydb.e2e.controlplane.merge;

import org.jspecify.annotations.NullMarked;

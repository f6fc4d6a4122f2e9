/**
 * Tests of the Helm charts, with the real Helm as a library.
 *
 * <p>What a chart renders for a file of values is compared with a file next to it ({@code golden}),
 * what it must refuse is listed with the message ({@code refused}), and what is rendered is read
 * back strictly, so that a misspelt field is found. {@code -Dupdate.golden=true} rewrites
 * everything here that is derived: the expected files, the custom resource definitions in the
 * operator's chart and the schema of the values of a KeyDB.
 *
 * <p>Start at {@link io.keydb.charts.Chart}. Threads: each test in its own.
 */
@NullMarked
package io.keydb.charts;

import org.jspecify.annotations.NullMarked;

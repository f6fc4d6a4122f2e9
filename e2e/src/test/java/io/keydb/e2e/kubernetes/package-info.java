/**
 * What the operator promises, seen from clients: the whole system on the local control plane, with
 * failures.
 */
package io.keydb.e2e.kubernetes;

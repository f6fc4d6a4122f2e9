/** Tests of the API server, through the client the operator uses. */
package io.keydb.e2e.controlplane.api;

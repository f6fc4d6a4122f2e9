/** Tests of the local cluster's network. */
package io.keydb.e2e.controlplane.network;

/** Tests of the local control plane: pods as real processes, services, and the command line. */
package io.keydb.e2e.controlplane;

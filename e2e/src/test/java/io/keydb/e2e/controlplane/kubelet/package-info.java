/** Tests of the kubelet's parts. */
package io.keydb.e2e.controlplane.kubelet;

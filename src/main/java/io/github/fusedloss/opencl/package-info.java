/**
 * The OpenCL executor's host side: discovery, contexts, device memory, transfers and launches.
 * Internal.
 *
 * <p>The only package that touches {@code org.jocl}. Three rules hold throughout, because breaking
 * any of them ends the JVM instead of throwing: no handle is used before it was checked, no
 * out-parameter is read unless the call returned {@code CL_SUCCESS}, nothing is released twice.
 */
package io.github.fusedloss.opencl;

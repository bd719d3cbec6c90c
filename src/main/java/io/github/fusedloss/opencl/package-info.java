/**
 * The OpenCL executor's host side: discovery, contexts, device memory, transfers and launches.
 * Internal.
 *
 * <p>It is the only package that uses {@code org.jocl}. Three rules hold throughout, because
 * breaking any of them ends the JVM instead of throwing: no handle is used before it was checked,
 * no out-parameter is read unless the call returned {@code CL_SUCCESS}, and nothing is released
 * twice.
 */
package io.github.fusedloss.opencl;

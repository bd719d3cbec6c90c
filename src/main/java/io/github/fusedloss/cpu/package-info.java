/**
 * The executors on the host's cores: plain Java and, if its module is present, the Vector API.
 * Internal.
 */
package io.github.fusedloss.cpu;

/**
 * Compares results with the Commons Math reference: on request in a program, or kernel by kernel.
 * Programs use {@link io.github.fusedloss.verify.ReferenceCheck}; the rest is internal.
 */
package io.github.fusedloss.verify;

/** Judges results by the Commons Math reference: on request in a program, or kernel by kernel. */
package io.github.fusedloss.verify;

/**
 * Classification losses with their gradients: one fused pass, the same bits on every executor.
 *
 * <p>This package is all that programs need, with {@code verify.ReferenceCheck} beside it. Other
 * packages are internal: they change without notice, though Java lets one call them.
 */
package io.github.fusedloss;

/**
 * Classification losses with their gradients: one fused pass, and the same bits on every executor.
 *
 * <p>This package is all that programs need, together with {@code verify.ReferenceCheck}. Other
 * packages are internal: they change without notice, though Java lets programs call them.
 */
package io.github.fusedloss;

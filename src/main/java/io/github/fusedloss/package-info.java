/** Classification losses with their gradients: one fused pass, the same bits on every executor. */
package io.github.fusedloss;

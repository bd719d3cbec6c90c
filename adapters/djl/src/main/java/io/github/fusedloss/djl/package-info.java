/** Losses of FusedLoss as losses of DJL, and arrays of DJL as tensors. */
package io.github.fusedloss.djl;

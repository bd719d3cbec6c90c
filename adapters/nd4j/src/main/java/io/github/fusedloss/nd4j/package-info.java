/** Losses of FusedLoss as loss functions of DL4J, and arrays of ND4J as tensors. */
package io.github.fusedloss.nd4j;

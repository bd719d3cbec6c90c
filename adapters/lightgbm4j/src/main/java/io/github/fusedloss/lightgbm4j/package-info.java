/** Losses of FusedLoss as objectives of LightGBM4j. */
package io.github.fusedloss.lightgbm4j;

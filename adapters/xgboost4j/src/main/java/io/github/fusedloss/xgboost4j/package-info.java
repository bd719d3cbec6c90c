/** Losses of FusedLoss as objectives of XGBoost4J. */
package io.github.fusedloss.xgboost4j;

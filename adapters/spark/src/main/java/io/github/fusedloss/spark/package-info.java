/** The loss of columns of logits in Spark. */
package io.github.fusedloss.spark;

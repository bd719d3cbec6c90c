/**
 * What an executor must offer and what it is given. Internal: programs use {@link
 * io.github.fusedloss.FusedLoss}, which has checked and normalised everything that arrives here.
 */
package io.github.fusedloss.backend;

/**
 * What an executor must offer and what it is given. Internal: programs use {@link
 * io.github.fusedloss.FusedLoss}, which has checked everything that arrives here, and given it one
 * form.
 */
package io.github.fusedloss.backend;

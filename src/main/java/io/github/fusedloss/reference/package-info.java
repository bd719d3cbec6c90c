/**
 * The oracle: every loss written from its mathematical definition in double precision, with
 * gradients by automatic differentiation. Among the tests, {@code DfpJudge} and {@code DfpRows}
 * judge it in 120 decimal digits. Internal.
 */
package io.github.fusedloss.reference;

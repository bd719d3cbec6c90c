/**
 * The oracle: every loss written from its mathematical definition in double precision, with
 * gradients by automatic differentiation. Among the tests, {@code DfpJudge} and {@code DfpRows}
 * judge it in 120 decimal digits. Internal.
 *
 * <p>It is slow where that keeps it simple. It knows nothing of the rest of the project and shares
 * no formula or helper with it, so an error there cannot hide here. Tensors are viewed as (N, C,
 * inner), row-major: element (n, c, k) is at {@code (n * C + c) * inner + k}, and the losses have
 * one row {@code r = n * inner + k} for each (n, k).
 */
package io.github.fusedloss.reference;

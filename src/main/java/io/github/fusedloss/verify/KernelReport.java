package io.github.fusedloss.verify;

/**
 * What the suite found about one kernel.
 *
 * @param kernel loss or primitive, and quantity
 * @param cases values judged
 * @param maxUlp largest distance to the reference in ULP, over the values judged by ULP
 * @param tolerance as text
 * @param passed whether every value is within it
 * @param worst the value furthest outside, or empty
 */
public record KernelReport(
    String kernel, int cases, double maxUlp, String tolerance, boolean passed, String worst) {}

package io.github.fusedloss.cpu;

/**
 * What the rows of a task are compared with, and what that weighs.
 *
 * @param indices of classes, or null
 * @param probabilities of all classes of each row, or null
 * @param scale of the gradient
 */
record TargetOperands(
    Targets indices, Floats probabilities, ClassWeights weights, RowScale scale) {}

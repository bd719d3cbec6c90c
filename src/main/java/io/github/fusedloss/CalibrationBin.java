package io.github.fusedloss;

/**
 * The rows whose top probability, the largest of their softmax, is in one range: how sure the model
 * was of them, and how often it was right.
 *
 * @param lower the lower end of the range, which is not in it unless it is 0
 * @param upper the upper end of the range, which is in it
 * @param count how many rows there are
 * @param weight the sum of their weights; without row weights the count
 * @param confidence the weighted mean of their top probabilities; NaN if there are no rows
 * @param accuracy the weighted share of rows whose target is the class of the largest logit; NaN if
 *     there are no rows
 */
public record CalibrationBin(
    double lower, double upper, long count, double weight, double confidence, double accuracy) {}

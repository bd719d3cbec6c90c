package io.github.fusedloss;

/**
 * The rows whose top probability, the largest of their softmax, is in one range: how sure the model
 * was of them, and how often it was right.
 *
 * @param lower not in the range, but for 0
 * @param upper in the range
 * @param count of the rows
 * @param weight the sum of their weights; without row weights the count
 * @param confidence the mean of their top probabilities, weighted; NaN of no rows
 * @param accuracy the share whose target is the class of the largest logit, weighted; NaN of no
 *     rows
 */
public record CalibrationBin(
    double lower, double upper, long count, double weight, double confidence, double accuracy) {}

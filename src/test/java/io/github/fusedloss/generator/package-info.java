/**
 * The generator behind {@code ci/generate}, for build time only: reads formulas from {@code
 * kernels/} and writes them as Java for the CPU executors.
 *
 * <ol>
 *   <li>{@link io.github.fusedloss.generator.Source} runs the preprocessor and makes tokens.
 *   <li>{@link io.github.fusedloss.generator.Program} finds the functions and structures.
 *   <li>{@link io.github.fusedloss.generator.Evaluator} runs functions on values of a {@link
 *       io.github.fusedloss.generator.Domain}: floats for the {@link
 *       io.github.fusedloss.generator.Interpreter}, nodes of a formula for the {@link
 *       io.github.fusedloss.generator.Graph}. It refuses what is not straight-line arithmetic.
 *   <li>{@link io.github.fusedloss.generator.Cuts} cuts a formula into passes that HotSpot likes.
 *   <li>{@link io.github.fusedloss.generator.ScalarWriter}, {@link
 *       io.github.fusedloss.generator.StripWriter} and {@link
 *       io.github.fusedloss.generator.VectorWriter} write Java, of what {@link
 *       io.github.fusedloss.generator.Generate} lists.
 * </ol>
 */
package io.github.fusedloss.generator;

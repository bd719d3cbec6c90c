/**
 * The generator behind {@code ci/generate}, for build time only: reads formulas from {@code
 * kernels/} and writes them as Java for the CPU executors.
 *
 * <ol>
 *   <li>{@link io.github.fusedloss.generator.Source} runs the preprocessor.
 *   <li>{@link io.github.fusedloss.generator.Program} finds the functions and structures, and has
 *       the JDK's parser read them.
 *   <li>{@link io.github.fusedloss.generator.Evaluator} runs functions on values of a {@link
 *       io.github.fusedloss.generator.Domain}: floats for the {@link
 *       io.github.fusedloss.generator.Interpreter}, nodes of a formula for the {@link
 *       io.github.fusedloss.generator.Graph}. It refuses what is not straight-line arithmetic.
 *   <li>{@link io.github.fusedloss.generator.Cuts} cuts a formula into passes that HotSpot likes.
 *   <li>{@link io.github.fusedloss.generator.ScalarWriter} and {@link
 *       io.github.fusedloss.generator.BlockWriter} write Java.
 * </ol>
 *
 * <p>What is made of which kernel stands in {@code recipes/}, which {@link
 * io.github.fusedloss.generator.Recipes} reads. To have another formula made into Java:
 *
 * <ol>
 *   <li>Write it as straight-line {@code INLINE} functions in a kernel, which the kernel calls.
 *   <li>Name these functions in the kernel's recipes: under {@code functions} for one element at a
 *       time, in a {@code block} for many. {@code recipes/README.md} explains the words.
 *   <li>Run {@code ci/generate}, and call what it wrote.
 * </ol>
 */
package io.github.fusedloss.generator;

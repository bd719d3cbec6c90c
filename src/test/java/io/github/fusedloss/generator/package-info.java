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
 *       io.github.fusedloss.generator.BlockWriter} write Java, of what {@link
 *       io.github.fusedloss.generator.Generate} and {@link io.github.fusedloss.generator.RowWorks}
 *       list.
 * </ol>
 *
 * <p>To have another formula made into Java:
 *
 * <ol>
 *   <li>Write it as straight-line {@code INLINE} functions in a kernel, which the kernel calls.
 *   <li>For one element at a time, name them in a call of {@code scalars} in {@code Generate}.
 *   <li>For blocks, write a method there that returns a {@link io.github.fusedloss.generator.Work}:
 *       the class of the block; which of its fields are arrays or numbers; then the steps, {@code
 *       then("value", "probability_loss", "x", "t")} for {@code value = probability_loss(x, t)}. A
 *       structure is all names that begin with its own: {@code value.hi} is the high half of a
 *       pair. {@code when} says of the steps that follow where they are done; {@code finite} that
 *       they meet no infinity or NaN; {@code inLoops} and {@code inVectors} that one rendering has
 *       them and the other has not. {@code fold} carries a result from an element of a lane to the
 *       next, as sums do. Call {@code vectors} and {@code strips} with it.
 *   <li>Run {@code ci/generate}, and call what it wrote.
 * </ol>
 */
package io.github.fusedloss.generator;

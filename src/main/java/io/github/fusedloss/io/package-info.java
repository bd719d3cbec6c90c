/**
 * Reads and writes NumPy {@code .npy} files, with the JDK alone. Internal.
 *
 * <p>Files are treated as hostile: nothing a header says is believed before it agrees with the
 * length of the file, and every refusal is one line that names the file, the place, what was
 * expected and what came. The format is NumPy's NEP 1 and {@code numpy.lib.format}.
 */
package io.github.fusedloss.io;

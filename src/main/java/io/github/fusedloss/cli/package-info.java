/** The command line: {@code fusedloss demo | devices | eval | verify | bench}. */
package io.github.fusedloss.cli;

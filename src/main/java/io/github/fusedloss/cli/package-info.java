/** The command line: {@code fusedloss demo | devices | eval | verify | bench}. Internal. */
package io.github.fusedloss.cli;

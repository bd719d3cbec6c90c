package io.github.fusedloss.generator;

/** Types of values; a mask is what a comparison gives, whatever a kernel declares it as. */
enum Type {
  FLOAT,
  INT,
  UINT,
  MASK
}

package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.SumShape;

/**
 * What there is to do with rows, of which a {@link RowLaunch} is made.
 *
 * @param type of the logits and results
 * @param shape of the logits
 * @param tiles operands of the input's size that the kernel reads, and those that it writes and
 *     does not read
 * @param sums over the classes that the kernel takes
 * @param elements whether it writes a result for each element
 * @param again whether it needs the logits once more for these, so that terms are not kept
 * @param extras what it says beside losses and gradients
 */
record RowWork(
    ElementType type,
    RowShape shape,
    int tiles,
    int sums,
    boolean elements,
    boolean again,
    Extras extras) {
  /**
   * What a kernel says beside losses and gradients.
   *
   * @param outputs whether it says more of each row than its loss
   * @param curves lines more of a block of rows in lanes whose second derivatives it writes, or 0
   */
  record Extras(boolean outputs, int curves) {
    static final Extras NONE = new Extras(false, 0);
  }

  /** What is kept of a row, or of a block of one, as row_parts.cl has it. */
  static final int FIELDS_OF_LOSS = 8;

  /** The same where more is said of each row. */
  static final int FIELDS_OF_OUTPUTS = 4;

  /** Lines more of a block of rows in lanes, whose elements need more. */
  static final int LINES_OF_SLOPES = 2;

  /** And of one whose second derivatives are wanted. */
  static final int LINES_OF_CURVES = 4;

  /** The same of softmax focal loss. */
  static final int LINES_OF_FOCAL_CURVES = 6;

  RowWork(ElementType type, RowShape shape, int tiles, int sums, boolean elements) {
    this(type, shape, tiles, sums, elements, false, Extras.NONE);
  }

  /** Floats that are kept of a row, or of a block of one: FIELDS of row_parts.cl. */
  int fields() {
    return FIELDS_OF_LOSS + (extras.outputs ? FIELDS_OF_OUTPUTS : 0);
  }

  /** The same of a block of rows in lanes, whose elements need more: BLOCK_LINES. */
  int blockLines() {
    return fields() + LINES_OF_SLOPES + extras.curves;
  }

  long rows() {
    return shape.rows();
  }

  int classes() {
    return shape.classes();
  }

  long inner() {
    return shape.inner();
  }

  long blocks() {
    return SumShape.blocks(classes());
  }

  long rowBytes() {
    return (long) classes() * type.bytes();
  }

  long bytesWritten() {
    return elements ? rows() * classes() * type.bytes() : 0;
  }

  /** Whether results have room to keep terms, which are float32. */
  boolean keepsTerms() {
    return type == ElementType.FLOAT32 && !again;
  }

  /** Whether what is adjacent begins at a multiple of the widest vector. */
  boolean isAligned() {
    return (inner() == 1 ? classes() : inner()) % LaunchShape.WIDE == 0;
  }
}

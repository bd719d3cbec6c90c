package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.SumShape;

/**
 * What there is to do with rows; a {@link RowLaunch} is made from it.
 *
 * @param type the type of the logits and results
 * @param shape the shape of the logits
 * @param tiles how many operands of the input's size the kernel reads, or writes without reading
 *     them
 * @param sums how many sums over the classes the kernel computes
 * @param elements whether it writes a result for each element
 * @param again whether it needs the logits once more for these results, so that terms are not kept
 * @param extras what the kernel computes besides losses and gradients
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
   * What a kernel computes besides losses and gradients.
   *
   * @param outputs whether it computes outputs of each row besides its loss
   * @param curves how many more lines the second derivatives take in a block of rows in lanes; 0
   *     without them
   */
  record Extras(boolean outputs, int curves) {
    static final Extras NONE = new Extras(false, 0);
  }

  /** Floats that are kept for a row, or for a block of one, as row_parts.cl has it. */
  static final int FIELDS_OF_LOSS = 8;

  /** Floats more that are kept for outputs of rows. */
  static final int FIELDS_OF_OUTPUTS = 4;

  /** Lines more that are kept for a block of rows in lanes, whose elements need more. */
  static final int LINES_OF_SLOPES = 2;

  /** Lines more that are kept for such a block if second derivatives are wanted. */
  static final int LINES_OF_CURVES = 4;

  /** Lines more that are kept for such a block with second derivatives of softmax focal loss. */
  static final int LINES_OF_FOCAL_CURVES = 6;

  RowWork(ElementType type, RowShape shape, int tiles, int sums, boolean elements) {
    this(type, shape, tiles, sums, elements, false, Extras.NONE);
  }

  /** Returns how many floats are kept for a row, or for a block of one: FIELDS of row_parts.cl. */
  int fields() {
    return FIELDS_OF_LOSS + (extras.outputs ? FIELDS_OF_OUTPUTS : 0);
  }

  /** Returns how many floats are kept for a block of rows in lanes: BLOCK_LINES of row_parts.cl. */
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

  /** Returns whether results have room for terms, which are float32. */
  boolean keepsTerms() {
    return type == ElementType.FLOAT32 && !again;
  }

  /** Returns whether adjacent elements begin at a multiple of the widest vector. */
  boolean isAligned() {
    return (inner() == 1 ? classes() : inner()) % LaunchShape.WIDE == 0;
  }
}

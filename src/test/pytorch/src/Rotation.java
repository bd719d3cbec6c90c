/** Spreads the reductions over cases where all three of each would be too much data. */
final class Rotation {
  private Rotation() {}

  /** The quotients keep it out of step with option lists of three. */
  static String reduction(int i) {
    return Case.REDUCTIONS[(i + i / 3 + i / 9 + i / 27) % 3];
  }
}

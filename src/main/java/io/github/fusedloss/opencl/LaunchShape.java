package io.github.fusedloss.opencl;

/**
 * How kernels are spread over a device; never what they compute.
 *
 * @param vector floats a work-item handles at once (VEC)
 * @param unroll vectors of adjacent lanes a work-item keeps in registers (UNROLL)
 * @param group work-group size (WGS)
 * @param groups work-groups worth having in flight
 */
record LaunchShape(int vector, int unroll, int group, int groups) {
  /** For tests: VECxUNROLLxWGS instead of the device's own shape. */
  private static final String FORCED = "fusedloss.opencl.shape";

  static LaunchShape of(OpenClDevice device) {
    int units = Math.max(1, device.computeUnits());
    String forced = System.getProperty(FORCED);
    if (forced != null) {
      String[] part = forced.split("x");
      return new LaunchShape(
          Integer.parseInt(part[0]),
          Integer.parseInt(part[1]),
          Integer.parseInt(part[2]),
          8 * units);
    }
    if (device.type() == OpenClDevice.Type.CPU) {
      // One work-item per large chunk, wide vectors, no barriers.
      return new LaunchShape(16, 4, 1, 8 * units);
    }
    int group = (int) Math.min(64, Long.highestOneBit(device.maxWorkGroupSize()));
    return new LaunchShape(4, 1, group, 64 * units);
  }

  /** One work-item at a time, floats: kernels that only follow pointers. */
  LaunchShape scalar() {
    return new LaunchShape(1, 1, group, groups);
  }

  String options() {
    return "-D VEC=" + vector + " -D UNROLL=" + unroll + " -D WGS=" + group;
  }

  /** From how many units on a work-group each keeps the device busy, without splitting them. */
  long enough() {
    return Math.max(1, groups / 2);
  }

  /** Units of work per work-group so that all of them are covered. */
  long perGroup(long units) {
    return Math.max(1, (units + groups - 1) / groups);
  }

  /** Global size that covers {@code units} at {@code perGroup} units a work-group. */
  long global(long units, long perGroup) {
    return (units + perGroup - 1) / perGroup * group;
  }
}

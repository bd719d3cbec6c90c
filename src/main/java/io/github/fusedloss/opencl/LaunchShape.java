package io.github.fusedloss.opencl;

/**
 * How kernels are spread over a device; never what they compute.
 *
 * @param vector floats a work-item handles at once (VEC)
 * @param unroll vectors of adjacent lanes a work-item keeps in registers (UNROLL)
 * @param group work-group size (WGS)
 * @param groups work-groups worth having in flight
 * @param streamFrom bytes that rows write from which on they go past the caches (STREAM)
 */
record LaunchShape(int vector, int unroll, int group, int groups, long streamFrom) {
  private static final long NEVER = Long.MAX_VALUE;

  /** The widest vector that kernels are written for; CPUs get it. */
  static final int WIDE = 16;

  /** Some drivers say how large one core's cache is, not that of all. */
  private static final long LEAST_STREAM = 8 << 20;

  /**
   * For tests: VECxUNROLLxWGS instead of the device's own shape; VECxUNROLLxWGSxstream if all rows
   * that can write past the caches, in so few groups that small tensors can.
   */
  private static final String FORCED = "fusedloss.opencl.shape";

  static LaunchShape of(OpenClDevice device) {
    int units = Math.max(1, device.units().count());
    String forced = System.getProperty(FORCED);
    if (forced != null) {
      String[] part = forced.split("x");
      boolean stream = part.length > 3;
      return new LaunchShape(
          Integer.parseInt(part[0]),
          Integer.parseInt(part[1]),
          Integer.parseInt(part[2]),
          stream ? 4 : 8 * units,
          stream ? 1 : NEVER);
    }
    if (device.type() == OpenClDevice.Type.CPU) {
      // One work-item per large chunk, wide vectors, no barriers. Results of half the cache and
      // their inputs push each other out of it.
      long cache = device.memory().cacheBytes();
      long stream = cache > 0 ? Math.max(cache / 2, LEAST_STREAM) : NEVER;
      return new LaunchShape(WIDE, 4, 1, 8 * units, stream);
    }
    int group = (int) Math.min(64, Long.highestOneBit(device.units().maxWorkGroupSize()));
    return new LaunchShape(4, 1, group, 64 * units, NEVER);
  }

  /** The same device, kernels of another shape. */
  LaunchShape with(int vector, int unroll, int group) {
    return new LaunchShape(vector, unroll, group, groups, streamFrom);
  }

  /** Whether rows that write so many bytes do it past the caches. */
  boolean streams(long bytes) {
    return bytes >= streamFrom;
  }

  String options() {
    return "-D VEC=" + vector + " -D UNROLL=" + unroll + " -D WGS=" + group;
  }

  /** Of kernels over elements: their vectors begin at multiples of a vector, as all buffers do. */
  String elements() {
    return options() + " -D ALIGNED";
  }

  /** From how many units on a work-group each keeps the device busy, without splitting them. */
  long enough() {
    return Math.max(1, groups / 2);
  }

  /** Units of work per work-group so that all of them are covered. */
  long perGroup(long units) {
    return perGroup(units, groups);
  }

  /** The same for another number of work-groups. */
  static long perGroup(long units, long groups) {
    return Math.max(1, (units + groups - 1) / groups);
  }

  /** Global size that covers {@code units} at {@code perGroup} units a work-group. */
  long global(long units, long perGroup) {
    return (units + perGroup - 1) / perGroup * group;
  }
}

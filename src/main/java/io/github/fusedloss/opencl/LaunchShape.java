package io.github.fusedloss.opencl;

/**
 * How kernels are spread over a device. It never changes what they compute.
 *
 * @param vector how many floats a work-item handles at once (VEC)
 * @param unroll how many vectors of adjacent lanes a work-item keeps in registers (UNROLL)
 * @param group work-group size (WGS)
 * @param groups how many work-groups are worth having in flight
 * @param streamFrom rows that write at least so many bytes write them past the caches (STREAM)
 */
record LaunchShape(int vector, int unroll, int group, int groups, long streamFrom) {
  private static final long NEVER = Long.MAX_VALUE;

  /** The widest vector that kernels are written for; CPUs use it. */
  static final int WIDE = 16;

  /**
   * The least number of bytes to write past the caches. Some drivers report the cache of one core,
   * not of all.
   */
  private static final long LEAST_STREAM = 8 << 20;

  /**
   * The property for tests: VECxUNROLLxWGS instead of the device's own shape. With
   * VECxUNROLLxWGSxstream all rows that can write past the caches do, in so few groups that even
   * small tensors can.
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
      // A CPU gets one work-item per large chunk, wide vectors, and no barriers. Results that fill
      // half of the cache push their inputs out of it, and the inputs push out the results.
      long cache = device.memory().cacheBytes();
      long stream = cache > 0 ? Math.max(cache / 2, LEAST_STREAM) : NEVER;
      return new LaunchShape(WIDE, 4, 1, 8 * units, stream);
    }
    int group = (int) Math.min(64, Long.highestOneBit(device.units().maxWorkGroupSize()));
    return new LaunchShape(4, 1, group, 64 * units, NEVER);
  }

  /** Returns the shape of other kernels on the same device. */
  LaunchShape with(int vector, int unroll, int group) {
    return new LaunchShape(vector, unroll, group, groups, streamFrom);
  }

  /** Returns whether rows that write so many bytes write them past the caches. */
  boolean streams(long bytes) {
    return bytes >= streamFrom;
  }

  String options() {
    return "-D VEC=" + vector + " -D UNROLL=" + unroll + " -D WGS=" + group;
  }

  /**
   * Returns the options of kernels over elements. Their vectors begin at multiples of a vector, as
   * all buffers do.
   */
  String elements() {
    return options() + " -D ALIGNED";
  }

  /** Returns how many units, of one work-group each, keep the device busy without being split. */
  long enough() {
    return Math.max(1, groups / 2);
  }

  /** Returns how many units of work each work-group gets so that all units are covered. */
  long perGroup(long units) {
    return perGroup(units, groups);
  }

  /**
   * Returns how many units each of {@code groups} work-groups gets so that all units are covered.
   */
  static long perGroup(long units, long groups) {
    return Math.max(1, (units + groups - 1) / groups);
  }

  /** Returns the global size that covers {@code units} at {@code perGroup} units a work-group. */
  long global(long units, long perGroup) {
    return (units + perGroup - 1) / perGroup * group;
  }
}

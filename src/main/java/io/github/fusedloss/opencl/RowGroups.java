package io.github.fusedloss.opencl;

/** Work-groups of a GPU over rows whose lanes lie along the classes (team.cl). */
final class RowGroups {
  /** Work-items of a group on a GPU: several groups to a compute unit. */
  private static final int GROUP = 256;

  /**
   * Work-items that a compute unit of a GPU has at least at a time, if registers are no scarcer.
   */
  private static final int PER_UNIT = 1024;

  /** Group size of other kernels on a GPU. */
  private static final int SMALL = 64;

  /**
   * Bytes that the cache of a large GPU has for each compute unit (NVIDIA's drivers do not tell).
   */
  private static final int CACHE_PER_UNIT = 384 << 10;

  private RowGroups() {}

  /**
   * Groups of so many work-items that a GPU has at a time, if it fills half of what it can hold.
   */
  static long atOnce(OpenClDevice device, int group) {
    return (long) device.computeUnits() * Math.max(1, PER_UNIT / group);
  }

  /**
   * Rows in lanes on a GPU: four elements of a work-item side by side, which aligned rows read at
   * once; two where there are more sums, for which registers would not do, or few rows.
   *
   * <p>Where a row comes back for its elements it should still be in the cache: so as few rows at a
   * time, and as large groups, as it takes. Where rows are few, groups are as small as teams.
   */
  static LaunchShape shape(OpenClDevice device, LaunchShape shape, RowLaunch.Work work, int lanes) {
    boolean few = work.rows() * work.blocks() < atOnce(device, GROUP);
    int adjacent = few || work.sums() > 1 ? 2 : 4;
    long most = Math.min(device.maxWorkGroupSize(), (long) PER_UNIT * shape.group() / SMALL);
    long group = Math.min(GROUP, most);
    if (work.elements() && work.blocks() > 1) {
      long rowsPerUnit = Math.max(1, CACHE_PER_UNIT / work.rowBytes());
      group = Math.max(group, Math.min(most, (PER_UNIT + rowsPerUnit - 1) / rowsPerUnit));
    }
    group = Long.highestOneBit(Math.min(most, 2 * group - 1)); // teams are powers of two
    long lanesOfItem = 2L * Float.BYTES * adjacent * work.sums(); // local memory, most of it
    while (group > 1 && lanesOfItem * group > device.localMemoryBytes() * 3 / 4) {
      group /= 2;
    }
    int team = lanes / adjacent;
    while (group > team && work.rows() * work.blocks() * team / group < atOnce(device, GROUP)) {
      group /= 2;
    }
    return shape.with(1, adjacent, (int) group);
  }
}

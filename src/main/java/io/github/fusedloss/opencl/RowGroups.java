package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.SumShape;

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

  /** Bytes of a row of one block that are enough for a work-item. */
  private static final int ITEM = 256;

  /** Bytes of a load that are enough: those of 32 work-items are two lines of a cache. */
  private static final int LOAD = 8;

  /** Slots of lanes that fit a work-item's registers (team.cl). */
  private static final int MOST_HELD = 4;

  private RowGroups() {}

  /**
   * Groups of so many work-items that a GPU has at a time, if it fills half of what it can hold.
   */
  static long atOnce(OpenClDevice device, int group) {
    return (long) device.units().count() * Math.max(1, PER_UNIT / group);
  }

  /**
   * Rows in lanes on a GPU: four elements of a work-item side by side, which aligned rows read at
   * once; two where there are more sums, for which registers would not do, or few rows, so that
   * more work-items have some, if two are not too little to read at once.
   *
   * <p>Where a row comes back for its elements it should still be in the cache: so as few rows at a
   * time, and as large groups, as it takes. Where rows are few, groups are as small as teams.
   */
  static LaunchShape shape(OpenClDevice device, LaunchShape shape, RowWork work, int lanes) {
    boolean few = work.rows() * work.blocks() < atOnce(device, GROUP);
    boolean half = few && 2 * work.type().bytes() >= LOAD;
    int adjacent = half || work.sums() > 1 || item(work) < wide(work) ? 2 : 4;
    long most =
        Math.min(device.units().maxWorkGroupSize(), (long) PER_UNIT * shape.group() / SMALL);
    long group = Math.min(GROUP, most);
    if (work.elements() && work.blocks() > 1) {
      long rowsPerUnit = Math.max(1, CACHE_PER_UNIT / work.rowBytes());
      group = Math.max(group, Math.min(most, (PER_UNIT + rowsPerUnit - 1) / rowsPerUnit));
    }
    group = Long.highestOneBit(Math.min(most, 2 * group - 1)); // teams are powers of two
    long lanesOfItem = 2L * Float.BYTES * adjacent * work.sums(); // local memory, most of it
    while (group > 1 && lanesOfItem * group > device.units().localMemoryBytes() * 3 / 4) {
      group /= 2;
    }
    int team = team(work, lanes, adjacent);
    while (group > team && work.rows() * work.blocks() * team / group < atOnce(device, GROUP)) {
      group /= 2;
    }
    return shape.with(1, adjacent, (int) group);
  }

  /**
   * Work-items of a group that have a row of one block, or a block of a longer one. In a short row
   * each has several slots of lanes: so it adds up the first halves of them by itself, and what is
   * done once for each work-item is done for more elements.
   */
  static int team(RowWork work, int lanes, LaunchShape own) {
    return Math.min(own.group(), team(work, lanes, own.unroll()));
  }

  private static int team(RowWork work, int lanes, int adjacent) {
    int team = lanes / adjacent;
    int most = work.sums() > 1 ? MOST_HELD / 2 : MOST_HELD;
    int held = 1;
    while (held < most && 2 * held * work.rowBytes() <= (long) item(work) * team) {
      held *= 2;
    }
    return team / held;
  }

  /**
   * Bytes of a row of one block that a work-item has: so many that all that a GPU has at a time
   * stay in its caches until they are read for the last time. Results take as much of these.
   */
  private static int item(RowWork work) {
    return work.elements() ? ITEM / 2 : ITEM;
  }

  /** The same of a row of all lanes, four of which are a work-item's. */
  private static long wide(RowWork work) {
    return work.blocks() > 1 ? 0 : 4 * work.rowBytes() / SumShape.lanes(work.classes());
  }
}

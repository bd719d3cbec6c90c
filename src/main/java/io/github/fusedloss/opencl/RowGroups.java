package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.SumShape;

/** Chooses work-groups of a GPU for rows whose lanes lie along the classes (team.cl). */
final class RowGroups {
  /** Work-items of a group on a GPU, so that a compute unit has several groups. */
  private static final int GROUP = 256;

  /**
   * How many work-items a compute unit of a GPU can have at a time, at least, if registers are not
   * scarce.
   */
  private static final int PER_UNIT = 1024;

  /** Group size of other kernels on a GPU. */
  private static final int SMALL = 64;

  /**
   * How many bytes of a large GPU's cache belong to a compute unit. NVIDIA's drivers do not report
   * it.
   */
  private static final int CACHE_PER_UNIT = 384 << 10;

  /** So many bytes of a row of one block are enough work for a work-item. */
  private static final int ITEM = 256;

  /** A load of so many bytes is large enough: the loads of 32 work-items fill two cache lines. */
  private static final int LOAD = 8;

  /** How many slots of lanes fit a work-item's registers (team.cl). */
  private static final int MOST_HELD = 4;

  private RowGroups() {}

  /** Returns how many groups of this size a GPU has at a time if half of its places are filled. */
  static long atOnce(OpenClDevice device, int group) {
    return (long) device.units().count() * Math.max(1, PER_UNIT / group);
  }

  /**
   * Chooses the shape for rows in lanes on a GPU. A work-item has four elements side by side, which
   * it reads at once if rows are aligned. It has two if there are several sums, for which registers
   * would not suffice. It also has two if rows are few, so that more work-items have work, unless
   * two elements are too little to read at once.
   *
   * <p>If a row is read again for its elements, it should still be in the cache. So there are as
   * few rows at a time, and as large groups, as that takes. If rows are few, groups are as small as
   * teams.
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
   * Returns how many work-items of a group share a row of one block, or a block of a longer row. In
   * a short row each work-item has several slots of lanes. It adds up the first halves of these by
   * itself, and the work done once for each work-item serves more elements.
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
   * Returns how many bytes of a row of one block a work-item gets. All that a GPU has at a time
   * should stay in its caches until it is read for the last time. Results take as much room there
   * as their rows.
   */
  private static int item(RowWork work) {
    return work.elements() ? ITEM / 2 : ITEM;
  }

  /** Returns how many bytes a work-item would get with four of a row's lanes. */
  private static long wide(RowWork work) {
    return work.blocks() > 1 ? 0 : 4 * work.rowBytes() / SumShape.lanes(work.classes());
  }
}

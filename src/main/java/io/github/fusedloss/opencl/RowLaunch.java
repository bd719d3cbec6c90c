package io.github.fusedloss.opencl;

/**
 * How rows are spread over a device (rows.cl): a work-group per row with lanes along the classes,
 * or, for short rows and rows whose classes are not adjacent, a work-item for a few rows.
 *
 * @param inOrder summed in order of the classes
 * @param options build options
 * @param perGroup rows per work-group, or per work-item if in order
 * @param global global size
 * @param local work-group size
 * @param scratchBytes room for the blocks of long rows
 */
record RowLaunch(
    boolean inOrder, String options, long perGroup, long global, int local, long scratchBytes) {
  private static final int SHORT_ROW = 64;
  private static final int PART = 8;

  static RowLaunch of(OpenClDevice device, LaunchShape shape, long rows, int classes, long inner) {
    boolean inOrder = classes <= SHORT_ROW || inner > 1;
    long blocks = ReduceKernel.blocks(classes);
    if (!inOrder) {
      long per = shape.perGroup(rows);
      long groups = (rows + per - 1) / per;
      return new RowLaunch(
          false,
          shape.options(),
          per,
          groups * shape.group(),
          shape.group(),
          blocks > 1 ? groups * blocks * PART * shape.vector() * 4 : 0);
    }
    boolean wide = device.type() == OpenClDevice.Type.CPU || shape.vector() == 16;
    int vector = wide ? shape.vector() : 1;
    long items = Math.min((rows + vector - 1) / vector, (long) shape.groups() * shape.group());
    items = wide ? items : (rows + vector - 1) / vector;
    long per = (rows + items - 1) / items;
    per = (per + vector - 1) / vector * vector;
    items = (rows + per - 1) / per;
    long global = (items + shape.group() - 1) / shape.group() * shape.group();
    return new RowLaunch(
        true,
        "-D IN_ORDER -D VEC=" + vector + " -D UNROLL=1 -D WGS=" + shape.group(),
        per,
        global,
        shape.group(),
        blocks > 1 ? global * blocks * PART * vector * 4 : 0);
  }
}

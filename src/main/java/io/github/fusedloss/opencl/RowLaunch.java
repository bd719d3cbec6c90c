package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.SumShape;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How rows are spread over a device.
 *
 * <p>Rows that are summed in order have a lane each (rows_in_order.cl). The lanes of other rows lie
 * along the classes (rows_in_lanes.cl). There are many rows of one block at a time, or a work-group
 * for a longer row. If there are fewer longer rows than the device needs work-groups, several
 * work-groups share a row.
 *
 * @param sources how the rows are walked: the last files of {@code kernels/}
 * @param options options for the compiler
 * @param local size of a work-group
 * @param scratchFloats floats of working memory
 * @param stages the kernels, one after the other
 */
record RowLaunch(
    RowWork work,
    List<String> sources,
    String options,
    int local,
    long scratchFloats,
    List<Stage> stages) {
  /** A kernel, its work-groups, and the units for each of them; rows are the second dimension. */
  private record Stage(String suffix, long groups, long rows, long perGroup) {
    static Stage of(long units, long groups) {
      long per = LaunchShape.perGroup(units, groups);
      return new Stage("", (units + per - 1) / per, 1, per);
    }
  }

  /** How many classes a CPU's tile holds, so that short rows fit whole. */
  private static final int CHUNK = SumShape.SHORT_ROW;

  /** How many floats of local memory a GPU's work-item has if it has a row of its own. */
  private static final int ITEM_FLOATS = 16;

  /** How many logits such a work-item has room for in registers, with all options. */
  private static final int HELD_CLASSES = 24;

  /** How many elements of such rows are read at once if they are aligned. */
  private static final int RUN = 4;

  /**
   * If results are written past the caches, terms are kept apart for at most one of so many rows.
   */
  private static final int ROWS_PER_ASIDE = 8;

  /** The suffix of the kernel that writes a result for each element. */
  private static final String LAST = "_last";

  /** Plans a launch. */
  static RowLaunch of(OpenClDevice device, LaunchShape shape, RowWork work) {
    return SumShape.inOrder(work.classes(), work.inner())
        ? inOrder(device, shape, work)
        : inLanes(device, shape, work);
  }

  private static RowLaunch inOrder(OpenClDevice device, LaunchShape shape, RowWork work) {
    return shape.vector() == LaunchShape.WIDE
        ? inOrderWide(shape, work)
        : inOrderByItems(device, shape, work);
  }

  /** Plans a row in each lane of a CPU's vectors. */
  private static RowLaunch inOrderWide(LaunchShape shape, RowWork work) {
    long batch = (long) shape.vector() * shape.unroll();
    Stage stage = Stage.of((work.rows() + batch - 1) / batch, shape.groups());
    // 16-bit vectors are half a cache line, and the other half is written much later.
    boolean stream =
        work.keepsTerms()
            && work.classes() <= CHUNK
            && work.isAligned()
            && shape.streams(work.bytesWritten());
    return new RowLaunch(
        work,
        List.of("row_places.cl", "row_tile.cl", "row_chunk.cl", "rows_in_order.cl"),
        shape.with(shape.vector(), shape.unroll(), 1).options()
            + (" -D CHUNK=" + CHUNK)
            + (work.inner() == 1 ? " -D ADJACENT" : "")
            + (stream ? " -D STREAM" : "")
            + (work.keepsTerms() ? "" : " -D RECOMPUTE"),
        1,
        work.blocks() > 1 ? stage.groups * batch * work.blocks() * work.fields() : 0,
        List.of(stage));
  }

  /** Plans a row for each work-item of a GPU. */
  private static RowLaunch inOrderByItems(OpenClDevice device, LaunchShape shape, RowWork work) {
    boolean adjacent = work.inner() == 1;
    // With 16 floats each, a GPU of AMD can hold half of all work-items that it has places for.
    int chunk = Math.min((work.classes() + 7) / 8 * 8, ITEM_FLOATS / work.tiles() / RUN * RUN);
    int group = shape.group();
    while (group > 1
        && 4L * (chunk + 1) * group * work.tiles() > device.units().localMemoryBytes()) {
      group /= 2;
    }
    boolean aligned = adjacent && work.classes() % RUN == 0;
    Stage stage = Stage.of((work.rows() + group - 1) / group, shape.groups());
    // A program for each number of classes pays only if a device has more than one row for each
    // work-item.
    boolean held =
        !adjacent
            && !work.elements()
            && !work.again()
            && !work.extras().outputs()
            && work.tiles() == 1
            && work.sums() == 1
            && work.classes() <= HELD_CLASSES
            && stage.perGroup > 1;
    return new RowLaunch(
        work,
        List.of("row_places.cl", "row_items.cl", "row_chunk.cl", "rows_in_order.cl"),
        shape.with(1, aligned ? RUN : 1, group).options()
            + (adjacent ? " -D ADJACENT -D CHUNK=" + chunk : "")
            + (held ? " -D CLASSES=" + work.classes() : "")
            + (aligned ? " -D ALIGNED" : "")
            + (work.keepsTerms() ? "" : " -D RECOMPUTE"),
        group,
        work.blocks() > 1 ? stage.groups * group * work.blocks() * work.fields() : 0,
        List.of(stage));
  }

  private static RowLaunch inLanes(OpenClDevice device, LaunchShape shape, RowWork work) {
    boolean oneBlock = work.blocks() == 1;
    int lanes = SumShape.lanes(work.classes());
    LaunchShape own = shape.group() == 1 ? shape : RowGroups.shape(device, shape, work, lanes);
    int group = own.group();
    int team = group == 1 ? 1 : RowGroups.team(work, lanes, own);
    int parts = Math.max(own.vector(), group / team);
    boolean shared =
        !oneBlock && work.rows() < Math.min(shape.enough(), 4L * RowGroups.atOnce(device, group));
    long units = oneBlock ? (work.rows() + parts - 1) / parts : work.rows();
    // There are as many groups as terms may be kept for; a quarter of the usual number still keeps
    // a device busy.
    long fewer = Math.min(shape.groups(), units / ROWS_PER_ASIDE);
    boolean stream =
        group == 1
            && !work.again()
            && work.isAligned()
            && !shared
            && shape.streams(work.bytesWritten())
            && fewer >= Math.max(1, shape.groups() / 4);
    boolean kept = group == 1 && (stream || work.keepsTerms());
    String options =
        own.options()
            + " -D TEAM_LANES="
            + lanes
            + (team < Math.min(group, lanes / own.unroll()) ? " -D TEAM=" + team : "")
            + (oneBlock ? " -D ONE_BLOCK" : "")
            + (stream ? " -D STREAM" : "")
            + (kept ? "" : " -D RECOMPUTE")
            + (group > 1 && work.classes() % own.unroll() == 0 ? " -D ALIGNED" : "");
    long padded = (work.blocks() + parts - 1) / parts;
    long ofRow = work.blockLines() * padded * parts + work.fields();
    Stage whole = Stage.of(units, stream ? fewer : shape.groups());
    long terms = stream ? whole.groups * (oneBlock ? parts : 1) * work.classes() : 0;
    return new RowLaunch(
        work,
        List.of("team.cl", "row_team.cl", "row_elements.cl", "rows_in_lanes.cl"),
        options,
        group,
        shared ? work.rows() * ofRow : (oneBlock ? 0 : whole.groups * ofRow) + terms,
        shared
            ? List.of(
                new Stage("_parts", padded, work.rows(), 1),
                new Stage("_merge", 1, work.rows(), 1),
                new Stage(LAST, padded, work.rows(), 1))
            : List.of(whole));
  }

  /** Returns the program of a noun, such as {@code cross_entropy}. */
  String source(String noun) {
    return KernelSource.of(
        Stream.concat(
                Stream.of(
                    "storage.cl",
                    "rows.cl",
                    "logits.cl",
                    "row_parts.cl",
                    "hessian.cl",
                    noun + ".cl",
                    "row_outputs.cl",
                    noun + "_rows.cl"),
                sources.stream())
            .toArray(String[]::new));
  }

  /**
   * Returns its kernels in order, each with the units of a work-group: {@code softmax_parts:1,...}.
   */
  String kernels(String noun) {
    return stages.stream()
        .filter(stage -> work.elements() || !stage.suffix.equals(LAST))
        .map(stage -> noun + stage.suffix + ":" + stage.perGroup)
        .collect(Collectors.joining(","));
  }

  /**
   * Enqueues the kernels of a noun, such as {@code cross_entropy}.
   *
   * @param features build options that only this noun has
   * @param own binds the arguments that only this noun has
   */
  void run(
      OpenClContext context,
      CallBuffers operands,
      String noun,
      String features,
      DeviceBuffer input,
      DeviceBuffer output,
      Consumer<KernelCall> own) {
    OpenClProgram program = context.program(source(noun), options + features);
    DeviceBuffer scratch = operands.room(scratchFloats * Float.BYTES);
    for (Stage stage : stages) {
      if (work.elements() || !stage.suffix.equals(LAST)) {
        KernelCall call =
            program
                .kernel(noun + stage.suffix)
                .buffer(input, output, scratch)
                .int64(work.rows())
                .int32(work.classes())
                .int64(work.inner(), stage.perGroup);
        own.accept(call);
        call.run(new long[] {stage.groups * local, stage.rows}, new long[] {local, 1});
      }
    }
  }
}

package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.RowShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * How rows are spread over a device.
 *
 * <p>Up to 64 classes, or classes that are not adjacent: a row per lane (rows_in_order.cl). Others:
 * lanes along the classes (rows_in_lanes.cl), many rows of one block at a time, or a work-group for
 * a longer row, or, where there are fewer of these than the device wants work-groups, several
 * work-groups for each.
 */
final class RowLaunch {
  private static final int SHORT_ROW = 64;

  /** Classes of a tile, so that short rows fit whole. */
  private static final int CHUNK = 64;

  /** Where results go past the caches, terms are kept aside of one row in so many, or fewer. */
  private static final int ROWS_PER_ASIDE = 8;

  /** Fields of a part in scratch memory. */
  private static final int FIELDS = 8;

  /** Work-items of a group on a GPU: 4 to 16 rows, several groups to a compute unit. */
  private static final int GROUP = 256;

  /** Suffix of the kernel that writes what there is for each element. */
  private static final String LAST = "_last";

  /** Kernel, work-groups and units for each of them; rows as the second dimension. */
  private record Stage(String suffix, long groups, long rows, long perGroup) {}

  private final String access;
  private final String options;
  private final int local;
  private final long scratchBytes;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * Plans a launch.
   *
   * @param type of the logits and results
   * @param tiles operands of the input's size that the kernel reads
   * @param results whether it writes one for each element
   */
  RowLaunch(
      OpenClDevice device,
      LaunchShape shape,
      ElementType type,
      RowShape rowShape,
      int tiles,
      boolean results) {
    long rows = rowShape.rows();
    int classes = rowShape.classes();
    long inner = rowShape.inner();
    long bytes = results ? rows * classes * type.bytes() : 0;
    // Terms are float32: results of 16 bits have no room to keep them.
    boolean roomy = type == ElementType.FLOAT32;
    long blocks = ReduceKernel.blocks(classes);
    // What is adjacent begins at a multiple of a vector.
    boolean aligned = (inner == 1 ? classes : inner) % 16 == 0;
    if (classes <= SHORT_ROW || inner > 1) {
      boolean wide = shape.vector() == 16;
      int vector = wide ? 16 : 1;
      int unroll = wide ? shape.unroll() : 1;
      int group = shape.group();
      while (group > 1 && 4L * CHUNK * (group + 1) * tiles > device.localMemoryBytes()) {
        group /= 2;
      }
      long batch = (long) group * vector * unroll;
      long batches = (rows + batch - 1) / batch;
      long per = shape.perGroup(batches);
      long groups = (batches + per - 1) / per;
      access = "in_order";
      local = group;
      options =
          options(vector, unroll, group)
              + " -D CHUNK="
              + CHUNK
              + (inner == 1 ? " -D ADJACENT" : "")
              // 16-bit vectors are half a cache line, and the other half comes much later.
              + (roomy && classes <= CHUNK && aligned && shape.streams(bytes) ? " -D STREAM" : "")
              + (roomy ? "" : " -D RECOMPUTE");
      scratchBytes = blocks > 1 ? groups * batch * blocks * FIELDS * 4L : 0;
      stages.add(new Stage("", groups, 1, per));
      return;
    }
    int lanes = classes <= 1024 ? 64 : classes <= 2048 ? 128 : 256;
    int slots = lanes / (shape.vector() * shape.unroll());
    int group = shape.group();
    if (group > 1) {
      long most = Math.min(4L * group, Math.min(GROUP, device.maxWorkGroupSize()));
      group = (int) Long.highestOneBit(most); // teams halve what they add up
    }
    int team = Math.min(group, slots);
    int parts = Math.max(shape.vector(), group / team);
    boolean oneBlock = blocks == 1;
    boolean shared = !oneBlock && rows < shape.enough();
    long units = oneBlock ? (rows + parts - 1) / parts : rows;
    // As many groups as terms may be kept for; a quarter of them still keeps a device busy.
    long fewer = Math.min(shape.groups(), units / ROWS_PER_ASIDE);
    boolean stream =
        group == 1
            && aligned
            && !shared
            && shape.streams(bytes)
            && fewer >= Math.max(1, shape.groups() / 4);
    Stage whole = stage(units, stream ? fewer : shape.groups());
    long terms = stream ? whole.groups * (oneBlock ? parts : 1) * classes * 4 : 0;
    boolean registers = oneBlock && team == slots && group / team >= shape.vector() && group > 1;
    access = "in_lanes";
    local = group;
    options =
        options(shape.vector(), shape.unroll(), group)
            + " -D TEAM_LANES="
            + lanes
            + (oneBlock ? " -D ONE_BLOCK" : "")
            + (registers ? " -D REGISTERS" : "")
            + (stream ? " -D STREAM" : "")
            + (registers || stream || roomy && (group == 1 || oneBlock) ? "" : " -D RECOMPUTE")
            // Vectors can be accessed whole where every row begins at a multiple of their size.
            + (shape.vector() == 4 && classes % 4 == 0 ? " -D ALIGNED" : "");
    long padded = (blocks + parts - 1) / parts;
    long rowScratch = 4L * FIELDS * (padded * parts + 1);
    if (shared) {
      stages.add(new Stage("_parts", padded, rows, 1));
      stages.add(new Stage("_merge", 1, rows, 1));
      stages.add(new Stage(LAST, padded, rows, 1));
      scratchBytes = rows * rowScratch;
    } else {
      stages.add(whole);
      scratchBytes = (oneBlock ? 0 : whole.groups * rowScratch) + terms;
    }
  }

  private static Stage stage(long units, long groups) {
    long per = LaunchShape.perGroup(units, groups);
    return new Stage("", (units + per - 1) / per, 1, per);
  }

  private static String options(int vector, int unroll, int group) {
    return "-D VEC=" + vector + " -D UNROLL=" + unroll + " -D WGS=" + group;
  }

  /** The source of the kernels of this noun: {@code cross_entropy}. */
  String source(String noun) {
    return KernelSource.of(
        "numerics.cl",
        "blocks.cl",
        "storage.cl",
        "rows.cl",
        noun + ".cl",
        "rows_" + access + ".cl",
        noun + "_" + access + ".cl");
  }

  String options() {
    return options;
  }

  long scratchBytes() {
    return scratchBytes;
  }

  /**
   * Enqueues the kernels of this noun.
   *
   * @param last whether there is something to write for each element
   * @param bind binds all arguments, given the kernel and the number of units per work-group
   */
  void run(OpenClProgram program, String noun, boolean last, BiConsumer<KernelCall, Long> bind) {
    for (Stage stage : stages) {
      if (last || !stage.suffix.equals(LAST)) {
        KernelCall call = program.kernel(noun + stage.suffix);
        bind.accept(call, stage.perGroup);
        call.run(new long[] {stage.groups * local, stage.rows}, new long[] {local, 1});
      }
    }
  }
}

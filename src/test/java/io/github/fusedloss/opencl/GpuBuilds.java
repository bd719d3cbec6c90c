package io.github.fusedloss.opencl;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.Output;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.RowShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the host would build and launch on a GPU that is not here, for {@code ci/gpu-static}.
 *
 * <p>{@code GpuBuilds GPU FOLDER} writes the programs to the folder, and prints one line for each
 * work: its name, the program's file, the compiler's options, the kernels with the units of a
 * work-group behind a colon, the arguments that are numbers, and those that are NULL.
 */
final class GpuBuilds {
  private static final long GIB = 1L << 30;

  private static final Map<String, OpenClDevice> GPUS =
      Map.of(
          "h200", gpu("NVIDIA H200", 132, 1024, 48, 140, 62_914_560),
          "mi250", gpu("gfx90a", 104, 256, 64, 64, 16 << 10),
          "rx7900", gpu("gfx1100", 48, 256, 64, 24, 16 << 10),
          "arc", gpu("Intel Arc A770", 512, 1024, 64, 16, 16 << 20));

  private static final List<ElementType> TYPES =
      List.of(ElementType.FLOAT32, ElementType.BFLOAT16, ElementType.FLOAT16);

  /** Rows of each way of walking them: batch, classes, inner. */
  private static final List<RowShape> ROWS =
      List.of(
          new RowShape(8192, 128256, 1),
          new RowShape(8192, 128257, 1),
          new RowShape(8192, 32000, 1),
          new RowShape(8192, 4096, 1),
          new RowShape(8192, 2048, 1),
          new RowShape(32768, 1024, 1),
          new RowShape(8192, 1001, 1),
          new RowShape(8192, 1000, 1),
          new RowShape(65536, 100, 1),
          new RowShape(65536, 64, 1),
          new RowShape(65536, 10, 1),
          new RowShape(32, 19, 65536),
          new RowShape(8, 150, 1024),
          new RowShape(8, 5000, 1024),
          new RowShape(16, 32000, 1),
          new RowShape(1, 128256, 1));

  private final OpenClDevice device;
  private final LaunchShape shape;
  private final Path folder;

  private GpuBuilds(OpenClDevice device, Path folder) {
    this.device = device;
    this.folder = folder;
    shape = LaunchShape.of(device);
  }

  private static OpenClDevice gpu(
      String name, int units, long group, long localKib, long gib, long cache) {
    return new OpenClDevice(
        0,
        new OpenClDevice.Identity(name, "GPU", "1"),
        OpenClDevice.Type.GPU,
        new OpenClDevice.ComputeUnits(units, group, localKib << 10),
        new OpenClDevice.DeviceMemory(false, gib * GIB, cache, gib * GIB / 4),
        null);
  }

  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    GpuBuilds builds = new GpuBuilds(GPUS.get(args[0]), folder);
    for (ElementType type : TYPES) {
      builds.elements(type);
    }
    builds.targets();
    for (RowShape rows : ROWS) {
      for (ElementType type : TYPES) {
        builds.crossEntropy(rows, type);
        builds.softmax(rows, type);
        builds.distillation(rows, type);
      }
    }
  }

  private void print(
      String name, String source, String options, String kernels, String numbers, String nulls)
      throws IOException {
    String file = Integer.toHexString(source.hashCode()) + ".cl";
    Files.writeString(folder.resolve(file), source);
    System.out.println(String.join("\t", name, file, options, kernels, numbers, nulls));
  }

  private static String suffix(ElementType type) {
    return type == ElementType.FLOAT32 ? "" : " " + (type == ElementType.FLOAT16 ? "f16" : "bf16");
  }

  /** Kernels of one program, which looks at its pointers at run time. */
  private void elements(ElementType type) throws IOException {
    Memory memory = memory(type);
    String options = shape.elements() + Storage.of(memory, memory);
    String all = "weight,pos_weight,upstream,loss,gradient";
    Map<String, String[]> works = new TreeMap<>();
    works.put("sigmoid", new String[] {"sigmoid", ""});
    works.put("sum", new String[] {"sum_floats", ""});
    works.put("largest element", new String[] {"max_floats", ""});
    works.put("BCE with logits", new String[] {"sigmoid_bce_plain", all});
    works.put(
        "BCE with logits, gradient",
        new String[] {"sigmoid_bce_plain", "weight,pos_weight,upstream,loss"});
    works.put("BCE with logits, weights, gradient", new String[] {"sigmoid_bce", "upstream,loss"});
    works.put("BCE", new String[] {"element_loss", all});
    works.put("BCE, gradient", new String[] {"element_loss", "weight,pos_weight,upstream,loss"});
    works.put("BCE, weights, gradient", new String[] {"element_loss", "pos_weight,upstream,loss"});
    long n = 1L << 28;
    String numbers = "n=" + n + " w_repeat=1 w_period=" + n + " p_repeat=1 p_period=" + n;
    for (Map.Entry<String, String[]> work : works.entrySet()) {
      String kernel = work.getValue()[0] + ":2";
      print(
          work.getKey() + suffix(type),
          KernelSource.ELEMENTS,
          options,
          kernel,
          numbers,
          work.getValue()[1]);
    }
    String ofGradient = "weight,pos_weight,upstream,loss";
    for (Function function : new Function[] {Function.SIGMOID_FOCAL_LOSS, Function.KL_DIV}) {
      BceTask task = BceTask.of(function, 1, memory, memory);
      elementLoss(function.torchName() + suffix(type), task, numbers, all);
      elementLoss(function.torchName() + ", gradient" + suffix(type), task, numbers, ofGradient);
    }
    if (type == ElementType.FLOAT32) {
      BceTask focal = BceTask.of(Function.SIGMOID_FOCAL_LOSS, 1, memory, memory);
      BceTask power = focal.with(focal.options().with(Option.GAMMA, 1.5f));
      BceTask curved = focal.with(Results.of(null, memory).with(new Curvature(memory, 1f, 0f)));
      String name = focal.function().torchName();
      elementLoss(name + ", gamma 1.5, gradient", power, numbers, ofGradient);
      BceTask capped = focal.with(focal.options().with(Option.SOFTCAP, 30f));
      elementLoss(name + ", softcap, gradient", capped, numbers, ofGradient);
      elementLoss(name + ", second derivative", curved, numbers, ofGradient);
      print(
          "BCE with logits, second derivative",
          KernelSource.ELEMENTS,
          options + " -D HESSIAN",
          "sigmoid_bce_plain:2",
          numbers,
          "weight,pos_weight,upstream,loss");
      print("sum of pairs", KernelSource.ELEMENTS, options, "sum_pairs:2", "n=" + n, "");
    }
  }

  private void elementLoss(String name, BceTask task, String numbers, String nulls)
      throws IOException {
    print(
        name,
        ElementLossKernel.source(task.function()),
        ElementLossKernel.options(shape, task),
        "element_loss:2",
        numbers,
        nulls);
  }

  private void targets() throws IOException {
    String source = KernelSource.of("targets.cl");
    for (String type : new String[] {"long", "int"}) {
      print(
          "targets " + type,
          source,
          shape.options() + " -D TARGET=" + type,
          "targets:2,targets_total:1",
          "rows=1048576 blocks=256 classes=1000 ignore_index=-100",
          "weight");
    }
    for (ElementType type : TYPES) {
      print(
          "nll" + suffix(type),
          KernelSource.of("storage.cl", "nll.cl"),
          NllKernel.shape(shape).options() + Storage.input(type),
          "nll:2",
          "rows=1048576 classes=1000 inner=1 per_item=2",
          "weight,upstream,loss,gradient");
    }
  }

  private void crossEntropy(RowShape rows, ElementType type) throws IOException {
    Memory input = memory(type);
    CrossEntropyTask plain =
        CrossEntropyTask.of(Function.CROSS_ENTROPY, rows, input, HostMemory.of(new long[0]));
    CrossEntropyTask probabilities =
        CrossEntropyTask.of(Function.CROSS_ENTROPY_OF_PROBABILITIES, rows, input, input);
    Results gradient = Results.of(null, input);
    crossEntropy("cross entropy", plain);
    crossEntropy("cross entropy, gradient", plain.with(gradient));
    if (type == ElementType.FLOAT32) {
      Results curved = gradient.with(new Curvature(input, 1f, 0f));
      crossEntropy("cross entropy, second derivative", plain.with(curved));
      crossEntropy("class probabilities, second derivative", probabilities.with(curved));
      CrossEntropyTask focal =
          CrossEntropyTask.of(Function.SOFTMAX_FOCAL_LOSS, rows, input, HostMemory.of(new long[0]));
      crossEntropy("softmax focal loss, second derivative", focal.with(curved));
      CrossEntropyTask.Options smoothed = plain.options().with(Option.LABEL_SMOOTHING, 0.1f);
      crossEntropy("label smoothing", plain.with(smoothed));
      crossEntropy("label smoothing, gradient", plain.with(smoothed).with(gradient));
      crossEntropy("class probabilities", probabilities);
      crossEntropy("class probabilities, gradient", probabilities.with(gradient));
      Map<Output, Memory> all = new EnumMap<>(Output.class);
      for (Output output : Output.values()) {
        all.put(output, input);
      }
      Results.Extras outputs = new Results.Extras(null, all);
      crossEntropy("outputs of rows", plain.with(Results.NONE.with(outputs)));
      crossEntropy("outputs of rows, gradient", plain.with(gradient.with(outputs)));
    }
  }

  private void crossEntropy(String name, CrossEntropyTask task) throws IOException {
    rows(
        name,
        "cross_entropy",
        CrossEntropyKernel.work(task),
        CrossEntropyKernel.features(task),
        task.gradient() == null ? "weight,upstream,loss,out" : "weight,upstream,loss");
  }

  /** Every divergence; of 16-bit logits the first. */
  private void distillation(RowShape rows, ElementType type) throws IOException {
    Memory input = memory(type);
    for (Divergence divergence : Divergence.values()) {
      if (type != ElementType.FLOAT32 && divergence != Divergence.FORWARD_KL) {
        continue;
      }
      CrossEntropyTask task = CrossEntropyTask.of(Function.DISTILLATION, rows, input, input);
      task = task.with(task.options().with(Option.DIVERGENCE, divergence));
      DistillationKernel.Launch launch = DistillationKernel.launch(shape, task, device);
      for (boolean gradient : new boolean[] {false, true}) {
        print(
            "distillation by "
                + divergence.toString().toLowerCase(Locale.ROOT)
                + (gradient ? ", gradient " : " ")
                + text(rows)
                + suffix(type),
            launch.source(),
            launch.options(),
            "distillation:1",
            numbers(rows),
            "class,row_weight,upstream,totals,loss" + (gradient ? "" : ",out"));
      }
    }
  }

  private static String text(RowShape rows) {
    String adjacent = rows.batch() + "x" + rows.classes();
    return rows.inner() == 1 ? adjacent : adjacent + "x" + rows.inner();
  }

  private static String numbers(RowShape rows) {
    return "rows=" + rows.rows() + " classes=" + rows.classes() + " inner=" + rows.inner();
  }

  private void softmax(RowShape rows, ElementType type) throws IOException {
    for (Function function :
        new Function[] {Function.SOFTMAX, Function.LOG_SOFTMAX, Function.LOGSUMEXP}) {
      if (type == ElementType.FLOAT32 || function == Function.SOFTMAX) {
        rows(
            function.toString().toLowerCase(Locale.ROOT),
            "softmax",
            SoftmaxKernel.work(function, type, rows),
            SoftmaxKernel.features(function, type),
            "");
      }
    }
  }

  private void rows(String name, String noun, RowWork work, String features, String nulls)
      throws IOException {
    RowShape rows = work.shape();
    RowLaunch launch = RowLaunch.of(device, shape, work);
    print(
        name + " " + text(rows) + suffix(work.type()),
        launch.source(noun),
        launch.options() + features,
        launch.kernels(noun),
        numbers(rows),
        nulls);
  }

  private static Memory memory(ElementType type) {
    return type == ElementType.FLOAT32
        ? HostMemory.of(new float[0])
        : HostMemory.of(type, new short[0]);
  }
}

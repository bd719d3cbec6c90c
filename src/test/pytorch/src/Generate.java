import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Writes cases.jsonl, multilabel.jsonl and precision.jsonl into the folder given as the one argument. */
public final class Generate {
  private Generate() {}

  public static void main(String[] args) throws IOException {
    // One thread: the order of PyTorch's sums must not depend on the machine's cores.
    torch.set_num_threads(1);
    System.out.println(
        torch.show_config().getString().replaceAll("(?s).*(TORCH_VERSION=[^,]*).*", "$1"));
    Path folder = Files.createDirectories(Path.of(args[0]));

    // A random upstream gradient: a wrong gradient for "none" can pass unseen under all ones.
    Writer writer = new Writer((r, i) -> (float) r.nextGaussian());
    writer.add(BinaryCases.withLogits());
    writer.add(BinaryCases.probabilities());
    writer.add(ClassCases.indices());
    writer.add(ClassCases.probabilities());
    writer.add(ClassCases.nll());
    writer.add(primitives());
    writer.add(MoreCases.divergence());
    writer.add(MoreCases.focal());
    writer.add(MoreCases.logits());
    writer.add(MoreCases.distillation());
    writer.save(folder.resolve("cases.jsonl"));

    Writer multiLabel = new Writer((r, i) -> (float) r.nextGaussian());
    multiLabel.add(MoreCases.multiLabel());
    multiLabel.save(folder.resolve("multilabel.jsonl"));

    Writer precision = new Writer((r, i) -> 1);
    for (Case c : showcase()) {
      precision.add(c, ScalarType.Float, "/float32");
      precision.add(c, ScalarType.Double, "/float64");
    }
    precision.save(folder.resolve("precision.jsonl"));
  }

  private static List<Case> primitives() {
    long[][] all = {{1}, {3}, {65}, {4, 3}, {3, 65}, {2, 3, 4}, {2, 1, 3}, {2, 3, 2, 2}};
    long[][] extreme = {{10}, {4, 3}, {2, 3, 4}};
    List<Case> cases = new ArrayList<>();
    for (String name : List.of("log_softmax", "softmax", "logsumexp", "sigmoid")) {
      for (long[] shape : all) {
        cases.add(Case.of(name, Data.normal(shape), null, null));
      }
      for (long[] shape : extreme) {
        cases.add(Case.of(name, Data.large(shape), null, null));
        cases.add(Case.of(name, Data.shifted(shape), null, null));
      }
      cases.add(Case.of(name, Data.normal(0, 5), null, null));
    }
    cases.add(Case.of("sigmoid", Data.normal(Data.SCALAR), null, null));
    cases.add(Case.of("sigmoid", Data.normal(0), null, null));
    return cases;
  }

  /** Inputs on which PyTorch's float32 formulas lose digits; the upstream gradient is 1. */
  private static List<Case> showcase() {
    List<Case> cases = new ArrayList<>();
    float[][] binary = {{-10, 0}, {-15, 0}, {-20, 0}, {10, 1}, {17, 1}, {20, 1}};
    for (float[] pair : binary) {
      String name = "x=" + pair[0] + ",t=" + pair[1];
      Data input = Data.literal(name, Data.SCALAR, pair[0]);
      Data target = Data.literal("t=" + pair[1], Data.SCALAR, pair[1]);
      cases.add(Case.of("binary_cross_entropy_with_logits", input, target, "sum"));
    }
    float[][] rows = {{17, 0, 0, 0}, {1e4f, 1e4f}, {1e8f, 1e8f}, {10000.5f, 9998.75f, 10002}};
    Data target = Data.literal("y=0", Data.SCALAR, 0L);
    for (float[] row : rows) {
      String name = "x=" + Arrays.toString(row).replace(" ", "");
      Data input = Data.literal(name, new long[] {row.length}, row);
      cases.add(Case.of("cross_entropy", input, target, "sum"));
      cases.add(Case.of("log_softmax", input, null, null));
    }
    return cases;
  }
}

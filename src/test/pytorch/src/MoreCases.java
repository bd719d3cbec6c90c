import java.util.ArrayList;
import java.util.List;

/** kl_div; and what others build on PyTorch: torchvision's focal loss, Liger's z-loss, distillation. */
final class MoreCases {
  private static final String[] DIVERGENCES = {"none", "mean", "sum", "batchmean"};

  // One element, an odd number of them, and three axes.
  private static final long[][] SHAPES = {{1}, {5}, {2, 3}, {4, 3, 2}};

  // 65 is one more than a usual sub-group or SIMD block; one shape with axes behind the classes.
  private static final long[][] ROWS = {{4, 3}, {3, 65}, {2, 3, 4}};

  private MoreCases() {}

  static List<Case> divergence() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : SHAPES) {
      Data input = Data.normal(shape);
      for (String reduction : DIVERGENCES) {
        cases.add(Case.of("kl_div", input, Data.soft(shape), reduction));
        cases.add(Case.of("kl_div", input, Data.hard(shape), reduction)); // 0 log 0
        Data logs = Data.floats("logs", shape, (r, i) -> (float) (-4 * r.nextDouble()));
        cases.add(Case.of("kl_div", input, logs, reduction).with("log_target", 1));
      }
    }
    return cases;
  }

  static List<Case> focal() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : SHAPES) {
      for (Data target : List.of(Data.hard(shape), Data.soft(shape))) {
        for (String reduction : Case.REDUCTIONS) {
          Case c = Case.of("sigmoid_focal_loss", Data.normal(shape), target, reduction);
          cases.add(c.with("alpha", 0.25f).with("gamma", 2));
          cases.add(c.with("alpha", -1).with("gamma", 1.5f));
          cases.add(c.with("alpha", 0.75f).with("gamma", 0));
        }
      }
    }
    return cases;
  }

  /** multilabel_soft_margin_loss, whose classes are on the last axis. */
  static List<Case> multiLabel() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : new long[][] {{5}, {2, 3}, {4, 3, 2}}) {
      Data weight = Data.weight("weight", shape[shape.length - 1]);
      for (Data target : List.of(Data.hard(shape), Data.soft(shape))) {
        for (String reduction : Case.REDUCTIONS) {
          Case c = Case.of("multilabel_soft_margin_loss", Data.normal(shape), target, reduction);
          cases.add(c);
          cases.add(c.weight(weight));
        }
      }
    }
    return cases;
  }

  /** From a teacher far from the student, and from one near it. */
  static List<Case> distillation() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : new long[][] {{4, 3}, {2, 3, 4}}) {
      Data input = Data.normal(shape);
      Data far = Data.floats("teacher", shape, (r, i) -> (float) (2 * r.nextGaussian()));
      Data near =
          Data.floats(
              "near-teacher", shape, (r, i) -> input.floats()[i] + (float) r.nextGaussian() / 8);
      for (Data teacher : List.of(far, near)) {
        for (String reduction : Case.REDUCTIONS) {
          Case c = Case.of("distillation", input, teacher, reduction);
          Case squared = c.with("temperature", 2).with("temperature_squared", 1);
          cases.add(c);
          cases.add(squared);
          cases.add(c.with("temperature", 0.7f).with("divergence", Composed.REVERSE_KL));
          cases.add(squared.with("divergence", Composed.JSD).with("beta", 0.25f));
        }
      }
    }
    return cases;
  }

  static List<Case> logits() {
    List<Case> cases = new ArrayList<>();
    for (long[] shape : ROWS) {
      Data labels = ClassCases.labels(shape);
      for (String reduction : Case.REDUCTIONS) {
        Case c = Case.of("cross_entropy", Data.normal(shape), labels, reduction);
        cases.add(c.with("z_loss", 0.01f));
        Case weighted = c.weight(ClassCases.weight(shape)).ignoreIndex(labels.labels()[0]);
        cases.add(weighted.labelSmoothing(0.1f).with("z_loss", 0.5f));
        cases.add(c.with("softcap", 3));
        cases.add(c.with("temperature", 0.7f));
        cases.add(weighted.with("z_loss", 0.01f).with("softcap", 5).with("temperature", 1.5f));
      }
    }
    return cases;
  }
}

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** JSON lines: a tensor is written once, before the first case that names it. */
final class Writer {
  private final StringBuilder out = new StringBuilder();
  private final Map<String, String> tensors = new HashMap<>();
  private final Map<String, Case> cases = new HashMap<>();
  private final Data.Draw upstream;

  Writer(Data.Draw upstream) {
    this.upstream = upstream;
  }

  void add(List<Case> list) {
    list.forEach(c -> add(c, ScalarType.Double, ""));
  }

  /** Adds the case as PyTorch computes it in {@code type}; {@code suffix} is added to its name. */
  void add(Case c, ScalarType type, String suffix) {
    String name = c.name() + suffix;
    if (cases.put(name, c) != null) {
      throw new IllegalStateException("two cases named " + name);
    }
    Torch.Result result = Torch.run(c, type, upstream);
    StringBuilder line = new StringBuilder("{\"case\":\"").append(name).append('"');
    line.append(",\"loss\":\"").append(c.loss()).append('"');
    reference(line, "input", c.input());
    reference(line, "target", c.target());
    reference(line, "weight", c.weight());
    reference(line, "pos_weight", c.posWeight());
    if (c.reduction() != null) {
      line.append(",\"reduction\":\"").append(c.reduction()).append('"');
    }
    if (c.loss().equals("cross_entropy") || c.loss().equals("nll_loss")) {
      line.append(",\"ignore_index\":").append(c.ignoreIndex());
    }
    if (c.loss().equals("cross_entropy")) {
      line.append(",\"label_smoothing\":").append(number(c.labelSmoothing(), true));
    }
    if (!c.more().isEmpty()) {
      line.append(
          c.more().entrySet().stream()
              .map(e -> '"' + e.getKey() + "\":" + number(e.getValue(), true))
              .collect(Collectors.joining(",", ",\"options\":{", "}")));
    }
    reference(line, "upstream", result.upstream());
    line.append(",\"output_shape\":").append(list(LongStream.of(result.shape())));
    boolean single = type == ScalarType.Float;
    line.append(",\"output\":").append(list(DoubleStream.of(result.output()), single));
    line.append(",\"gradient\":").append(list(DoubleStream.of(result.gradient()), single));
    out.append(line).append("}\n");
  }

  void save(Path file) throws IOException {
    Files.writeString(file, out);
    System.out.println(cases.size() + " cases, " + Files.size(file) + " bytes: "
        + file.toRealPath().getFileName());
  }

  private void reference(StringBuilder line, String key, Data data) {
    if (data == null) {
      return;
    }
    line.append(",\"").append(key).append("\":\"").append(data.name()).append('"');
    String values = data.labels() != null
        ? ",\"int64\":" + list(LongStream.of(data.labels()))
        : ",\"float32\":"
            + list(IntStream.range(0, data.floats().length).mapToDouble(i -> data.floats()[i]),
                true);
    String text = "{\"tensor\":\"" + data.name() + "\",\"shape\":"
        + list(LongStream.of(data.shape())) + values + "}\n";
    String known = tensors.put(data.name(), text);
    if (known == null) {
      out.append(text);
    } else if (!known.equals(text)) {
      throw new IllegalStateException("two tensors named " + data.name());
    }
  }

  private static String list(LongStream values) {
    return values.mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
  }

  private static String list(DoubleStream values, boolean single) {
    return values.mapToObj(x -> number(x, single)).collect(Collectors.joining(",", "[", "]"));
  }

  /** The shortest decimal that reads back as the same float or double; the JDK's own varies. */
  private static String number(double x, boolean single) {
    if (!Double.isFinite(x)) {
      return "\"" + x + "\"";
    }
    if (x == 0) {
      return 1 / x < 0 ? "-0.0" : "0";
    }
    BigDecimal exact = new BigDecimal(x);
    for (int digits = 1; ; digits++) {
      String text = exact.round(new MathContext(digits)).toString();
      DoublePredicate same = single ? y -> (float) y == x : y -> y == x;
      if (same.test(single ? Float.parseFloat(text) : Double.parseDouble(text))) {
        return text;
      }
    }
  }
}

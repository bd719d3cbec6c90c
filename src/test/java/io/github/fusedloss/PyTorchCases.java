package io.github.fusedloss;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Losses and gradients computed by PyTorch 2.10.0 in float64 from float32 inputs; see
 * src/test/pytorch/README.md, where they are made. All inputs are finite. Arrays are C order and
 * shared between cases: do not write to them.
 */
public final class PyTorchCases {

  /**
   * An input.
   *
   * @param shape sizes, outermost first; empty for a scalar
   * @param floats the elements of a float32 tensor, or null
   * @param labels the elements of an int64 tensor, or null
   */
  public record Tensor(String name, int[] shape, float[] floats, long[] labels) {}

  /**
   * One call and its result. The class axis is axis 1, or 0 if there is only one axis.
   *
   * @param loss PyTorch's name of the function, also softmax, log_softmax, logsumexp and sigmoid
   * @param target class indices, or floats of the input's shape; null for the last four
   * @param weight or null
   * @param posWeight or null
   * @param reduction none, mean, sum or batchmean; null for the last four
   * @param ignoreIndex -100 where the function has none
   * @param more options of one function alone, or that others build on PyTorch's, by their names
   * @param upstream one for each number of {@code output}
   * @param gradient of sum(output * upstream) with respect to input
   */
  public record Case(
      String name,
      String loss,
      Tensor input,
      Tensor target,
      Tensor weight,
      Tensor posWeight,
      String reduction,
      long ignoreIndex,
      float labelSmoothing,
      Map<String, Float> more,
      Tensor upstream,
      double[] output,
      double[] gradient) {

    /** The name alone, for parameterized tests and messages. */
    @Override
    public String toString() {
      return name;
    }
  }

  private PyTorchCases() {}

  /** Every case, of every loss. */
  public static List<Case> all() {
    return read("/pytorch/cases.jsonl");
  }

  /** The cases of one loss, by PyTorch's name. */
  public static List<Case> of(String loss) {
    List<Case> cases = all().stream().filter(c -> c.loss().equals(loss)).toList();
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("loss: expected one that has cases, got " + loss);
    }
    return cases;
  }

  /**
   * Inputs on which PyTorch's float32 formulas lose digits. Each occurs twice: the name ends in
   * /float32 or /float64, which is what PyTorch computed in. The upstream gradient is 1.
   */
  public static List<Case> precision() {
    return read("/pytorch/precision.jsonl");
  }

  /** A loss that there is under another name, multilabel_soft_margin_loss; in float64. */
  public static List<Case> multiLabel() {
    return read("/pytorch/multilabel.jsonl");
  }

  /**
   * How far PyTorch's own float64 result may be from the exact one. Measured over all cases against
   * 60-digit arithmetic; the README of the generator says where it comes from.
   */
  public static double error(double expected) {
    return 5e-9 * Math.abs(expected) + 3e-15;
  }

  private static List<Case> read(String resource) {
    Map<String, Tensor> tensors = new HashMap<>();
    List<Case> cases = new ArrayList<>();
    try (InputStream in = PyTorchCases.class.getResourceAsStream(resource);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
        if (json.has("tensor")) {
          Tensor tensor = tensor(json);
          tensors.put(tensor.name(), tensor);
        } else {
          cases.add(testCase(json, tensors));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
    return cases;
  }

  private static Tensor tensor(JsonObject json) {
    String name = json.get("tensor").getAsString();
    int[] shape = ints(json.getAsJsonArray("shape"));
    if (json.has("int64")) {
      JsonArray values = json.getAsJsonArray("int64");
      long[] labels = values.asList().stream().mapToLong(JsonElement::getAsLong).toArray();
      return new Tensor(name, shape, null, labels);
    }
    JsonArray values = json.getAsJsonArray("float32");
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).getAsFloat();
    }
    return new Tensor(name, shape, floats, null);
  }

  private static Case testCase(JsonObject json, Map<String, Tensor> tensors) {
    return new Case(
        json.get("case").getAsString(),
        json.get("loss").getAsString(),
        named(json, "input", tensors),
        named(json, "target", tensors),
        named(json, "weight", tensors),
        named(json, "pos_weight", tensors),
        json.has("reduction") ? json.get("reduction").getAsString() : null,
        json.has("ignore_index") ? json.get("ignore_index").getAsLong() : -100,
        json.has("label_smoothing") ? json.get("label_smoothing").getAsFloat() : 0,
        more(json),
        named(json, "upstream", tensors),
        doubles(json.getAsJsonArray("output")),
        doubles(json.getAsJsonArray("gradient")));
  }

  private static Map<String, Float> more(JsonObject json) {
    Map<String, Float> more = new TreeMap<>();
    if (json.has("options")) {
      json.getAsJsonObject("options").asMap().forEach((k, v) -> more.put(k, v.getAsFloat()));
    }
    return more;
  }

  private static Tensor named(JsonObject json, String key, Map<String, Tensor> tensors) {
    if (!json.has(key)) {
      return null;
    }
    String name = json.get(key).getAsString();
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException(key + ": expected a tensor defined above, got " + name);
    }
    return tensor;
  }

  private static int[] ints(JsonArray values) {
    return values.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  private static double[] doubles(JsonArray values) {
    return values.asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }
}

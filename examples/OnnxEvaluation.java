///usr/bin/env jbang "$0" "$@" ; exit $?
//REPOS mavenlocal,central
//DEPS io.github.fusedloss:fusedloss-onnxruntime:0.1.0-SNAPSHOT
//DEPS com.microsoft.onnxruntime:onnxruntime:1.22.0
//JAVA 17+

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.onnxruntime.LossEvaluator;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Mean loss and perplexity of a classifier in an ONNX file over a table. Each line of the table has the features, then
 * the index of the class. The model has one input (rows, features) and one output (rows, classes), the logits. Those
 * beside this program: 300 points around three centres, and a linear model that knows the centres.
 */
public class OnnxEvaluation {
  private static final int BATCH = 256;

  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      System.err.println("expected MODEL.onnx TABLE.csv, such as examples/points.onnx examples/points.csv");
      System.exit(2);
    }
    List<String> lines = Files.readAllLines(Path.of(args[1]));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(args[0]);
        FusedLoss fused = FusedLoss.open()) {
      String input = session.getInputNames().iterator().next();
      String output = session.getOutputNames().iterator().next();
      LossEvaluator evaluator = LossEvaluator.of(fused, session, output, CrossEntropy.DEFAULT);
      for (int from = 0; from < lines.size(); from += BATCH) {
        List<String> batch = lines.subList(from, Math.min(lines.size(), from + BATCH));
        int features = batch.get(0).split(",").length - 1;
        float[] x = new float[batch.size() * features];
        int[] y = new int[batch.size()];
        for (int i = 0; i < y.length; i++) {
          String[] fields = batch.get(i).split(",");
          for (int j = 0; j < features; j++) {
            x[i * features + j] = Float.parseFloat(fields[j]);
          }
          y[i] = Integer.parseInt(fields[features].strip());
        }
        try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {y.length, features})) {
          evaluator.add(Map.of(input, tensor), Tensor.of(y, y.length));
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%d rows: mean loss %.6f, perplexity %.4f%n", evaluator.count(), evaluator.mean(), evaluator.perplexity());
    }
  }
}

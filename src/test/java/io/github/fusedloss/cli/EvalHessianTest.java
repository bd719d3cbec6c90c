package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.io.NpyArray;
import io.github.fusedloss.io.NpyReader;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eval --hessian}. */
class EvalHessianTest {
  @TempDir Path dir;

  private CommandLineCase.Run eval(String loss, Path input, Path target, String... more) {
    List<String> args = new ArrayList<>(List.of("eval", "--device", "cpu:scalar", "--loss", loss));
    args.addAll(List.of("--input", input.toString(), "--target", target.toString()));
    args.addAll(List.of(more));
    return CommandLineCase.run(args.toArray(new String[0]));
  }

  private Path write(String name, NpyType type, float... values) throws IOException {
    Path path = dir.resolve(name);
    NpyWriter.write(path, values, type, new long[] {values.length});
    return path;
  }

  /** The input is float64, and its gradient, but what is written here is float32. */
  @Test
  void writesIt() throws IOException {
    Path x = write("x.npy", NpyType.F8, 100, 0, -40);
    Path t = write("t.npy", NpyType.F4, 1, 0, 0);
    Path hess = dir.resolve("hess.npy");
    Path grad = dir.resolve("grad.npy");
    String name = "binary_cross_entropy_with_logits";
    String[] sum = {"--reduction", "sum", "--hessian", hess + "", "--grad", grad + ""};
    assertEquals(0, eval(name, x, t, sum).code());
    NpyArray exact = NpyReader.read(hess);
    assertEquals(NpyType.F4, exact.type());
    assertArrayEquals(new long[] {3}, exact.shape());
    assertEquals((float) Math.exp(-100), exact.floats()[0]);
    assertEquals(0.25f, exact.floats()[1]);
    assertEquals(Math.exp(-40), exact.floats()[2], 1e-23);
    assertEquals(0.5f, NpyReader.read(grad).floats()[1]);
    String[] xgboost = {"--reduction", "sum", "--hessian", hess + "", "--hessian-scale", "xgboost"};
    assertEquals(0, eval(name, x, t, xgboost).code());
    assertArrayEquals(new float[] {1e-16f, 0.25f, 1e-16f}, NpyReader.read(hess).floats());
  }

  private void refused(CommandLineCase.Run run, String... parts) {
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    for (String part : parts) {
      assertTrue(run.err().contains(part), run.err());
    }
    assertFalse(Files.exists(dir.resolve("h.npy")));
  }

  @Test
  void refusesWhatHasNone() throws IOException {
    Path x = write("x.npy", NpyType.F4, 0.5f, 0.25f);
    String h = dir.resolve("h.npy").toString();
    String bce = "binary_cross_entropy_with_logits";
    refused(
        eval("binary_cross_entropy", x, x, "--hessian", h),
        "--loss must be binary_cross_entropy_with_logits, cross_entropy, sigmoid_focal_loss or",
        "leave out --hessian");
    refused(eval(bce, x, x, "--hessian-scale", "exact"), "give --hessian too");
    refused(
        eval(bce, x, x, "--hessian", h, "--hessian-scale", "catboost"),
        "--hessian-scale must be exact, xgboost or lightgbm, got catboost");
    refused(
        eval("sigmoid_focal_loss", x, x, "--hessian", h, "--hessian-scale", "lightgbm"),
        "--hessian-scale must be exact for sigmoid_focal_loss",
        "LightGBM has none, got lightgbm");
    refused(
        eval("softmax_focal_loss", x, x, "--hessian", h, "--hessian-scale", "xgboost"),
        "--hessian-scale must be exact for softmax_focal_loss",
        "XGBoost has none, got xgboost");
    refused(eval(bce, x, x, "--hessian", x + ""), "--hessian must not be another file");
    refused(
        eval("cross_entropy", x, x, "--hessian", h, "--temperature", "2"),
        "--loss must have no --temperature for a second derivative");
    refused(
        eval("sigmoid_focal_loss", x, x, "--hessian", h, "--softcap", "3"),
        "--loss must have no --softcap for a second derivative");
    String[] bias = {"--hessian", h, "--logit-bias", x + ""};
    refused(
        eval("cross_entropy", x, x, bias),
        "--loss must have no --logit-bias for a second derivative");
    String[] z = {"--hessian", h, "--hessian-scale", "xgboost", "--z-loss", "0.1"};
    refused(
        eval("cross_entropy", x, x, z),
        "--hessian-scale must be exact for cross_entropy with --z-loss, of which XGBoost has none,"
            + " got xgboost");
  }
}

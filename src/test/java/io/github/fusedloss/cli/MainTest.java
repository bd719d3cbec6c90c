package io.github.fusedloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ForkedJvm;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.backend.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** All commands of the command line, as a process and in every language. */
class MainTest extends CommandLineCase {
  static boolean hasPocl() {
    return FusedLoss.devices().stream()
        .anyMatch(d -> d.usable() && d.description().contains("Portable Computing"));
  }

  /** The driver's compiler must not add its own lines; with an empty cache it has all to do. */
  @Test
  @Tag("once")
  @EnabledIf("hasPocl")
  void oneLineOnOpenClToo() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 2L);
    ForkedJvm.Result result =
        ForkedJvm.of(
                Main.class,
                "eval",
                "--loss",
                "cross_entropy",
                "--device",
                "opencl",
                "--input",
                x.toString(),
                "--target",
                y.toString())
            .options("--enable-native-access=ALL-UNNAMED")
            .env("POCL_CACHE_DIR", Files.createDirectory(dir.resolve("cache")).toString())
            .run();
    refused(new Run(result.exit(), result.out(), result.err()), "y.npy", "target[0]", "got 2");
  }

  /** Decimal commas and a dotless i: the numbers of the demo are compared as text. */
  @Test
  @Tag("once")
  void speaksTheSameInEveryLanguage() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    for (String language : List.of("de", "tr", "ar")) {
      String option = "-Duser.language=" + language;
      ForkedJvm.Result demo =
          ForkedJvm.of(Main.class, "demo", "--device", "cpu:scalar").options(option).run();
      assertEquals(0, demo.exit(), demo::toString);
      ForkedJvm.Result refused =
          ForkedJvm.of(
                  Main.class,
                  "eval",
                  "--loss",
                  "nll_loss",
                  "--device",
                  "cpu:scalar",
                  "--input",
                  x.toString(),
                  "--target",
                  x.toString())
              .options(option)
              .run();
      assertEquals(2, refused.exit(), refused::toString);
      assertTrue(refused.err().contains("int8 to int64 or uint8, got float32"), refused::toString);
    }
  }

  @Test
  void helpIsOnStdout() {
    for (String command : List.of("", "demo", "devices", "eval", "verify", "bench")) {
      Run run = command.isEmpty() ? run("--help") : run(command, "--help");
      assertEquals(0, run.code());
      assertTrue(run.out().contains("Usage: fusedloss"), run.out());
      assertEquals("", run.err());
    }
    assertTrue(run("--version").out().startsWith("fusedloss "));
  }

  @Test
  void devicesMarksExactlyOne() {
    Run run = run("devices", "--json");
    assertEquals(0, run.code(), run.err());
    int marked = 0;
    for (JsonElement device : JsonParser.parseString(run.out()).getAsJsonArray()) {
      marked += device.getAsJsonObject().get("auto").getAsBoolean() ? 1 : 0;
    }
    assertEquals(1, marked);
    assertTrue(run("devices").out().contains("cpu:scalar"));
  }

  /** A name that nothing has is bad usage; without any OpenCL device the reason is another. */
  @Test
  void aDeviceThatIsNotHere() {
    List<String> there =
        FusedLoss.devices().stream()
            .map(DeviceInfo::name)
            .filter(name -> name.startsWith("opencl"))
            .toList();
    Run run = run("verify", "--device", "opencl:999");
    assertTrue(run.err().startsWith("fusedloss: --device opencl:999 cannot serve: "), run.err());
    if (there.isEmpty()) {
      assertEquals(1, run.code(), run.err());
    } else {
      refused(run, "there is no such device here, only " + there.get(0) + " (", "or for auto");
    }
  }

  @Test
  @Tag("once")
  void aDeviceThatCannotServe() {
    ForkedJvm.Result off =
        ForkedJvm.of(Main.class, "verify", "--device", "opencl:0")
            .env("FUSEDLOSS_OPENCL", "off")
            .run();
    assertEquals(1, off.exit(), off::toString);
    assertTrue(off.err().contains("switched off"), off::toString);
    String option = "-XX:MaxVectorSize=8";
    for (String[] args : new String[][] {{"devices"}, {"verify", "--device", "cpu:vector"}}) {
      ForkedJvm.Result result =
          ForkedJvm.of(Main.class, args)
              .options(option, "--add-modules=jdk.incubator.vector")
              .env("FUSEDLOSS_OPENCL", "off")
              .run();
      assertEquals(args.length == 1 ? 0 : 1, result.exit(), result::toString);
      String said = result.out() + result.err();
      assertTrue(said.contains("vectors hold 2 floats") && said.contains("-XX:MaxV"), said);
      assertFalse(said.contains("Initializer") || said.contains("initialize"), said);
    }
  }

  @Test
  @Tag("once") // The slowest here, and of plain Java, whose bits no JVM changes.
  void verifyPasses() {
    Run run = run("verify", "--device", "cpu:scalar", "--json");
    assertEquals(0, run.code(), run.out());
    for (JsonElement row : JsonParser.parseString(run.out()).getAsJsonArray()) {
      assertTrue(row.getAsJsonObject().get("passed").getAsBoolean());
    }
    for (Function function : Function.values()) {
      String kernel = "\"kernel\":\"" + function.torchName();
      assertTrue(run.out().replace(" ", "").contains(kernel), function + " is not verified");
    }
  }

  @Test
  void demoIsRight() {
    Run run = run("demo", "--device", "cpu:scalar");
    assertEquals(0, run.code(), run.out());
    assertTrue(run.out().endsWith("All of it right.\n"), run.out());
  }

  /**
   * Words of real command lines, cut, doubled and mixed: an exit code and a line, nothing else.
   * ci/fuzz tries more than these.
   */
  @Test
  @Tag("once")
  void survivesMutatedCommandLines() throws IOException {
    Path x = write("x.npy", new float[] {1, 2}, 1, 2);
    Path y = write("y.npy", 1L);
    String[] words = {
      "eval",
      "--loss",
      "cross_entropy",
      "nll_loss",
      "binary_cross_entropy",
      "--input",
      x.toString(),
      "--target",
      y.toString(),
      "--weight",
      "--pos-weight",
      "--reduction",
      "none",
      "sum",
      "--ignore-index",
      "-9223372036854775808",
      "9223372036854775808",
      "--label-smoothing",
      "NaN",
      "0.1",
      "--device",
      "cpu:scalar",
      "cpu:",
      "--json",
      "--out",
      dir.toString(),
      "",
      "-",
      "--",
      "@x",
      "\u0000",
      "--help",
      "-1",
      "devices--json",
      "=",
      "--loss=",
      "'",
      "\n"
    };
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      List<String> args = new ArrayList<>();
      args.add("eval");
      args.addAll(List.of("--device", "cpu:scalar"));
      int n = random.nextInt(12);
      for (int k = 0; k < n; k++) {
        String word = words[random.nextInt(words.length)];
        if (random.nextInt(6) == 0 && word.length() > 1) {
          word = word.substring(0, random.nextInt(word.length()));
        }
        args.add(word);
      }
      Run run = run(args.toArray(new String[0]));
      assertTrue(run.code() >= 0 && run.code() <= 2, args + ": " + run.code());
      assertFalse(run.err().contains("Exception"), args + ": " + run.err());
      if (run.code() == 2) {
        assertEquals(1, run.err().lines().count(), args + ": " + run.err());
      }
    }
  }
}

package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drivers that fail, lie and hang; {@code ci/fault-sweep} does more of it. */
@EnabledOnOs(OS.LINUX)
@EnabledIf("io.github.fusedloss.opencl.Discoveries#any")
@Tag("once") // It starts the JVMs it means itself.
class FaultTest {
  @TempDir Path temp;

  private ForkedJvm.Result child(String... arguments) throws Exception {
    FaultShim.build(temp);
    ForkedJvm jvm =
        ForkedJvm.of(FaultChild.class, arguments)
            .options("-Xmx512m", "--add-modules", "jdk.incubator.vector")
            // A piece has 4096 rows of three classes; only this one asks for pieces.
            .options(
                "-Dfusedloss.opencl.piece=" + (arguments[0].equals("pieces") ? 12288 : 1 << 30))
            // A second without an answer is a hang, to these tests.
            .options("-Dfusedloss.opencl.timeout=" + (arguments[0].equals("hang") ? 1 : 60));
    ForkedJvm.Result result = FaultShim.under(temp, jvm).succeed();
    assertTrue(result.out().endsWith("end"), result::toString);
    return result;
  }

  /** The first call of each function once a device works: with a loss and with one that is not. */
  @Test
  void everyFunctionFailing() throws Exception {
    FaultSweep.Result result = FaultSweep.run(temp, true);
    assertTrue(result.clean(), result::toString);
    assertTrue(result.injected() >= 50, result::toString);
  }

  @Test
  void wrongWordsAreCaughtByTheProbeAndByTheCheck() throws Exception {
    String out = child("corrupt").out();
    Matcher rejected = Pattern.compile("rejected (\\d+)").matcher(out);
    assertTrue(rejected.find() && Integer.parseInt(rejected.group(1)) >= 20, out);
    assertTrue(out.contains("caught 3 of 3"), out);
    assertTrue(out.contains("accused"), out);
  }

  /** Before there is a device, in a compiler, in a wait, in a transfer, and in giving back. */
  @ParameterizedTest
  @CsvSource({
    "clGetPlatformIDs,open",
    "clBuildProgram,work",
    "clFinish,work",
    "clEnqueueMapBuffer,work",
    "clReleaseMemObject,close"
  })
  void aHungDriverLetsItsCallersGo(String function, String when) throws Exception {
    child("hang", function, when);
  }

  @Test
  void faultsWhileOthersComputeAndClose() throws Exception {
    child("concurrent");
  }

  @Test
  void aPieceThatIsTriedAgainCountsOnce() throws Exception {
    String out = child("pieces").out();
    Matcher retried = Pattern.compile("retried (\\d+)").matcher(out);
    assertTrue(retried.find() && Integer.parseInt(retried.group(1)) > 10, out);
  }

  /** docs/devices.md gives these counts. Each wait costs a call one way to the device and back. */
  @Test
  void callsWaitForTheDeviceAsOftenAsTheyMust() throws Exception {
    assertEquals(
        """
        binary_cross_entropy_with_logits: 2
        binary_cross_entropy: 2
        cross_entropy: 2
        cross_entropy of probabilities: 2
        nll_loss: 2
        softmax: 1
        sigmoid: 1
        sum: 2
        max: 3
        end""",
        child("waits").out());
  }
}

package io.github.fusedloss.cpu;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.DeviceInfo.DeviceType;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.ExecutorProvider;
import java.util.List;

/** The executors on the host's cores: with the Vector API and without. */
public final class CpuProvider implements ExecutorProvider {
  /**
   * The property with the number of threads, used if a program gives none; the default is all
   * processors.
   */
  private static final String THREADS = "fusedloss.cpu.threads";

  @Override
  public String backend() {
    return "cpu";
  }

  @Override
  public List<DeviceInfo> discover() {
    int threads = threads(0);
    return List.of(vector(threads), scalar(threads));
  }

  private static DeviceInfo vector(int threads) {
    String missing = VectorSupport.unavailability();
    String shape = missing.isEmpty() ? VectorSupport.shape() + ", " : "";
    return new DeviceInfo(
        "cpu:vector",
        "cpu",
        "Java Vector API, " + shape + text(threads),
        DeviceType.CPU,
        missing.isEmpty(),
        missing,
        20);
  }

  private static DeviceInfo scalar(int threads) {
    return new DeviceInfo(
        "cpu:scalar", "cpu", "plain Java, " + text(threads), DeviceType.CPU, true, "", 10);
  }

  private static String text(int threads) {
    return threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public String unavailability() {
    return "";
  }

  @Override
  public Executor open(DeviceInfo info, int threads) {
    int own = threads(threads);
    return info.name().equals("cpu:vector")
        ? new CpuExecutor(vector(own), VectorSupport.kernels(), own)
        : new CpuExecutor(scalar(own), new BlockKernels(), own);
  }

  /** Returns the number of threads that is asked for; if it is 0, the default. */
  private static int threads(int asked) {
    Integer wanted = asked > 0 ? Integer.valueOf(asked) : Integer.getInteger(THREADS);
    return wanted == null
        ? Runtime.getRuntime().availableProcessors()
        : Math.max(1, Math.min(wanted, MOST_THREADS));
  }
}

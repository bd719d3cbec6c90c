package io.github.fusedloss.cpu;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.DeviceInfo.DeviceType;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.ExecutorProvider;
import java.util.List;

/** The host's cores, with the Vector API and without. */
public final class CpuProvider implements ExecutorProvider {
  /** Sets the number of threads; default all processors. */
  private static final String THREADS = "fusedloss.cpu.threads";

  @Override
  public String backend() {
    return "cpu";
  }

  @Override
  public List<DeviceInfo> discover() {
    int threads = threads();
    String text = threads + (threads == 1 ? " thread" : " threads");
    String missing = VectorSupport.unavailability();
    return List.of(
        new DeviceInfo(
            "cpu:vector",
            "cpu",
            "Java Vector API, " + (missing.isEmpty() ? VectorSupport.shape() + ", " : "") + text,
            DeviceType.CPU,
            missing.isEmpty(),
            missing,
            20),
        new DeviceInfo("cpu:scalar", "cpu", "plain Java, " + text, DeviceType.CPU, true, "", 10));
  }

  @Override
  public String unavailability() {
    return "";
  }

  @Override
  public Executor open(DeviceInfo info) {
    BlockKernels kernels =
        info.name().equals("cpu:vector") ? VectorSupport.kernels() : new BlockKernels();
    return new CpuExecutor(info, kernels, threads());
  }

  private static int threads() {
    int processors = Runtime.getRuntime().availableProcessors();
    Integer wanted = Integer.getInteger(THREADS);
    return wanted == null ? processors : Math.max(1, Math.min(wanted, 1024));
  }
}

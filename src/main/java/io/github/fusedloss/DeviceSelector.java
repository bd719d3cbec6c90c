package io.github.fusedloss;

import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.ExecutorProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Chooses the device of a {@link FusedLoss}. */
public final class DeviceSelector {
  private static final Comparator<DeviceInfo> BEST_FIRST =
      Comparator.comparingInt(DeviceInfo::rank).reversed();

  private final String wanted;
  private final String backend;
  private final Predicate<DeviceInfo> accepts;
  private final int threads;

  /**
   * Makes a selector that looks at the executors of one backend, or at all if {@code backend} is
   * null. So a program that names cpu loads no OpenCL driver.
   *
   * @param threads how many threads the CPU's executors use, or 0 for the default
   */
  private DeviceSelector(
      String wanted, String backend, Predicate<DeviceInfo> accepts, int threads) {
    this.wanted = wanted;
    this.backend = backend;
    this.accepts = accepts;
    this.threads = threads;
  }

  /** Selects the best usable device; there always is one. */
  public static DeviceSelector auto() {
    return new DeviceSelector("auto", null, info -> true, 0);
  }

  /**
   * Selects a device by its name, as {@link FusedLoss#open(String)} does.
   *
   * @throws IllegalArgumentException if it is no such name
   */
  public static DeviceSelector named(String name) {
    if (name == null || !name.matches("auto|cpu|cpu:vector|cpu:scalar|opencl|opencl:[0-9]{1,4}")) {
      throw new IllegalArgumentException(
          "device must be auto, cpu, cpu:vector, cpu:scalar, opencl or opencl:K, got " + name);
    }
    if (name.equals("auto")) {
      return auto();
    }
    return new DeviceSelector(
        name,
        name.replaceFirst(":.*", ""),
        info -> info.name().equals(name) || info.backend().equals(name),
        0);
  }

  /**
   * Selects the best usable device that {@code accepts} says yes to.
   *
   * @param description what is looked for, for messages
   */
  public static DeviceSelector matching(String description, Predicate<DeviceInfo> accepts) {
    Checks.given("description", description);
    Checks.given("accepts", accepts);
    return new DeviceSelector(description, null, accepts, 0);
  }

  /**
   * Returns a copy with which {@code cpu:vector} and {@code cpu:scalar} compute a call on so many
   * threads. Take 1 for a program whose own threads share the cores. Without it {@code
   * -Dfusedloss.cpu.threads} decides, or else all processors are used.
   *
   * @param threads from 1 to 1024
   * @throws IllegalArgumentException if there are fewer or more
   */
  public DeviceSelector withThreads(int threads) {
    if (threads < 1 || threads > ExecutorProvider.MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads must be from 1 to " + ExecutorProvider.MOST_THREADS + ", got " + threads);
    }
    return new DeviceSelector(wanted, backend, accepts, threads);
  }

  /** Opens the device that is selected. */
  Engine open() {
    return open(executors -> CallPlacement.between(executors, threads));
  }

  /**
   * Opens the device that is selected; {@code placement} gets it and the CPU executors beside it.
   */
  Engine open(Function<List<Executor>, CallPlacement> placement) {
    List<DeviceInfo> candidates = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    Throwable cause = null;
    for (DeviceInfo info : Devices.discover(backend)) {
      if (accepts.test(info)) {
        if (info.usable()) {
          candidates.add(info);
        } else {
          failures.add(info.name() + ": " + info.reason());
        }
      }
    }
    candidates.sort(BEST_FIRST);
    for (DeviceInfo info : candidates) {
      try {
        return engine(info, placement, failures);
      } catch (RuntimeException | LinkageError e) {
        failures.add(info.name() + ": " + e.getMessage());
        cause = e;
      }
    }
    if (failures.isEmpty()) {
      failures.add(absent());
    }
    throw new DeviceUnavailableException(
        "device " + wanted + " cannot serve: " + String.join("; ", failures), cause);
  }

  /** Says why there is no such device here, and what could be asked for instead. */
  private String absent() {
    String why = backend == null ? "" : Devices.provider(backend).unavailability();
    if (!why.isEmpty()) {
      return why;
    }
    String here =
        Devices.discover(backend).stream()
            .map(info -> info.name() + " (" + info.description() + ")")
            .collect(Collectors.joining(", "));
    return backend == null
        ? "none of " + here + " matches"
        : "there is no such device here, only " + here + "; ask for one of these, or for auto";
  }

  private Engine engine(
      DeviceInfo info, Function<List<Executor>, CallPlacement> placement, List<String> failures) {
    List<Executor> executors = new ArrayList<>();
    try {
      executors.add(Devices.provider(info.backend()).open(info, threads));
      beside(info).forEach(each -> executors.add(Devices.provider("cpu").open(each, threads)));
      List<Executor> beside = List.copyOf(executors.subList(1, executors.size()));
      CallPlacement between = beside.isEmpty() ? null : placement.apply(executors);
      String choice = explain(executors.get(0).info(), failures);
      return new Engine(executors.get(0), beside, between, choice);
    } catch (Throwable e) {
      executors.forEach(Executor::close);
      throw e;
    }
  }

  /**
   * Returns the other executors of the CPU if {@code auto} or {@code cpu} was asked for. They
   * compute what they are faster at, and what the device fails at. A device that was asked for by
   * its own name has none beside it.
   */
  private List<DeviceInfo> beside(DeviceInfo chosen) {
    if (!wanted.equals("auto") && !wanted.equals("cpu")) {
      return List.of();
    }
    return Devices.discover("cpu").stream()
        .filter(info -> info.usable() && !info.name().equals(chosen.name()))
        .sorted(BEST_FIRST)
        .toList();
  }

  private String explain(DeviceInfo chosen, List<String> failures) {
    StringBuilder text = new StringBuilder();
    text.append(chosen.name()).append(" (").append(chosen.description()).append("): ");
    if (!wanted.equals("auto")) {
      text.append("asked for as ").append(wanted);
    } else if (chosen.backend().equals("opencl")) {
      text.append("the best usable device");
    } else {
      String why = Devices.provider("opencl").unavailability();
      text.append(why.isEmpty() ? "no usable OpenCL device" : "no OpenCL device, because " + why);
    }
    if (!failures.isEmpty()) {
      text.append("; passed over: ").append(String.join("; ", failures));
    }
    return text.toString();
  }
}

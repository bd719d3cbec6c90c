package io.github.fusedloss;

import io.github.fusedloss.backend.ExecutorProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The executors of this machine, through their providers. */
final class Devices {
  private Devices() {}

  private static final List<ExecutorProvider> PROVIDERS = load();

  private static List<ExecutorProvider> load() {
    List<ExecutorProvider> providers = new ArrayList<>();
    ServiceLoader.load(ExecutorProvider.class, Devices.class.getClassLoader())
        .forEach(providers::add);
    providers.sort(Comparator.comparing(ExecutorProvider::backend).reversed());
    return providers;
  }

  /** Returns every executor; those of one backend stand together. */
  static List<DeviceInfo> discover() {
    return discover(null);
  }

  /** Returns the executors of one backend, or all if it is null. No other backend is loaded. */
  static List<DeviceInfo> discover(String backend) {
    List<DeviceInfo> all = new ArrayList<>();
    for (ExecutorProvider provider : PROVIDERS) {
      if (backend == null || provider.backend().equals(backend)) {
        all.addAll(provider.discover());
      }
    }
    return List.copyOf(all);
  }

  static ExecutorProvider provider(String backend) {
    for (ExecutorProvider provider : PROVIDERS) {
      if (provider.backend().equals(backend)) {
        return provider;
      }
    }
    throw new DeviceUnavailableException("this jar has no backend " + backend, null);
  }
}

package io.github.fusedloss;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Executors that stay open as long as the JVM, for tests that only compute: programs are built and
 * known answers asked once, not again in every class. A test that closes an executor, counts its
 * memory or sets properties opens its own.
 */
public final class OpenDevices {
  private static final Map<String, FusedLoss> OPEN = new ConcurrentHashMap<>();

  private OpenDevices() {}

  /** Every usable device, plain Java first. */
  public static List<FusedLoss> all() {
    List<FusedLoss> all = new ArrayList<>(List.of(of("cpu:scalar")));
    for (DeviceInfo info : FusedLoss.devices()) {
      if (info.usable() && !info.name().equals("cpu:scalar")) {
        all.add(of(info.name()));
      }
    }
    return all;
  }

  /** One of them; its name is an exact one, such as "cpu:scalar". */
  public static FusedLoss of(String name) {
    return OPEN.computeIfAbsent(name, FusedLoss::open);
  }
}

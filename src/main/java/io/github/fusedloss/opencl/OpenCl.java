package io.github.fusedloss.opencl;

import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetPlatformIDs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * The OpenCL devices of this machine. They are looked for once per JVM. Nothing here throws because
 * OpenCL is missing or broken.
 *
 * <p>{@code -Dfusedloss.opencl=off}, or the environment variable {@code FUSEDLOSS_OPENCL=off},
 * keeps every OpenCL library out of the process. That helps if a broken driver ends the JVM.
 */
public final class OpenCl {
  private static final System.Logger LOG = System.getLogger(OpenCl.class.getName());

  // The value of CL_DEVICE_TYPE_ALL. JOCL's constant is an int of these bits, which becomes -1L,
  // and rusticl refuses that.
  private static final long ALL_TYPES = 0xFFFF_FFFFL;

  private static final String CHECK = ": check the driver with `clinfo`, or ";

  /** The handles of one device; they live as long as the process and are never released. */
  record Handles(cl_platform_id platform, cl_device_id device) {}

  record Discovery(List<OpenClDevice> devices, List<Handles> handles, String reason) {
    static Discovery nothing(String reason) {
      return new Discovery(List.of(), List.of(), reason);
    }
  }

  private record Platform(cl_platform_id id, String name, String version) {}

  private static final class Holder {
    static final Discovery DISCOVERY = discover();
  }

  // Set if signal handlers could not be restored after a build; then this JVM uses no OpenCL any
  // more.
  private static volatile String refusal;

  // Devices that hung. Their drivers may hold locks for ever, so this process does not use them any
  // more.
  private static final Map<OpenClDevice, String> GIVEN_UP = new ConcurrentHashMap<>();

  private OpenCl() {}

  /** Returns all devices of all platforms, usable or not, numbered from 0; empty if none. */
  public static List<OpenClDevice> devices() {
    return refusal == null ? Holder.DISCOVERY.devices : List.of();
  }

  /** Returns one sentence why there is no device at all; empty if {@link #devices} is not empty. */
  public static Optional<String> unavailableReason() {
    return Optional.ofNullable(refusal != null ? refusal : Holder.DISCOVERY.reason);
  }

  static void giveUp(OpenClDevice device, OpenClException hang) {
    GIVEN_UP.putIfAbsent(device, givenUp(hang.getMessage()));
  }

  static String givenUp(String hang) {
    return hang + "; start the process anew, and if it hangs again " + Drivers.advice();
  }

  /** Returns null if the device can be used now, else one sentence why not. */
  static String unusableReason(OpenClDevice device) {
    return device.usable() ? GIVEN_UP.get(device) : device.unusableReason();
  }

  static Handles handles(OpenClDevice device) {
    Discovery found = Holder.DISCOVERY;
    int k = device.index();
    if (refusal != null
        || k < 0
        || k >= found.devices.size()
        || !found.devices.get(k).equals(device)) {
      throw new IllegalArgumentException("device: expected one of OpenCl.devices(), got " + device);
    }
    return found.handles.get(k);
  }

  /**
   * Restores the signal handlers. It must follow every call in which a driver may take them from
   * the JVM.
   */
  static void guardSignals(String device) {
    String broken = SignalHandlers.restore();
    if (broken != null) {
      refusal = broken;
      throw OpenClException.of(OpenClException.Kind.UNAVAILABLE, "clBuildProgram", device, broken);
    }
  }

  static Discovery discover() {
    if (off(System.getProperty("fusedloss.opencl")) || off(System.getenv("FUSEDLOSS_OPENCL"))) {
      return Discovery.nothing(
          "OpenCL is switched off by fusedloss.opencl=off or FUSEDLOSS_OPENCL=off; unset it");
    }
    String reason = JoclLibrary.unavailableReason();
    if (reason != null) {
      return Discovery.nothing(reason);
    }
    SignalHandlers.prepare();
    try {
      Discovery found = Watchdog.run("-", hang -> {}, OpenCl::ask);
      String broken = SignalHandlers.restore();
      return broken == null ? found : Discovery.nothing(broken);
    } catch (RuntimeException | LinkageError e) {
      SignalHandlers.restore();
      return Discovery.nothing(notAsked(e));
    }
  }

  static String notAsked(Throwable failure) {
    return "OpenCL could not be asked for its devices ("
        + JoclLibrary.oneLine(failure)
        + ")"
        + CHECK
        + Drivers.advice();
  }

  private static boolean off(String value) {
    return value != null && value.strip().equalsIgnoreCase("off");
  }

  private static Discovery ask() {
    int[] count = new int[1];
    int rc = Cl.status(() -> clGetPlatformIDs(0, null, count));
    // The count means nothing unless the status is success.
    if (rc == Status.PLATFORM_NOT_FOUND_KHR || (rc == Status.SUCCESS && count[0] == 0)) {
      return Discovery.nothing("there is an OpenCL loader but no platform: " + Drivers.advice());
    }
    if (rc == Status.NO_FUNCTION) {
      return Discovery.nothing(
          "the OpenCL loader lacks functions, so it is something else of that name: reinstall it,"
              + " or "
              + Drivers.advice());
    }
    if (rc != Status.SUCCESS) {
      throw OpenClException.ofStatus("clGetPlatformIDs", rc, "-");
    }
    cl_platform_id[] ids = new cl_platform_id[count[0]];
    Cl.check("clGetPlatformIDs", "-", () -> clGetPlatformIDs(ids.length, ids, null));
    List<Platform> platforms = new ArrayList<>();
    for (cl_platform_id id : ids) {
      if (!Cl.isNull(id)) {
        platforms.add(new Platform(id, Info.platformName(id), Info.platformVersion(id)));
      }
    }
    // Loaders list platforms in the order of a directory, which differs between equal machines.
    platforms.sort(Comparator.comparing(Platform::name).thenComparing(Platform::version));
    List<OpenClDevice> devices = new ArrayList<>();
    List<Handles> handles = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    for (Platform platform : platforms) {
      addDevices(platform, devices, handles, complaints);
    }
    if (devices.isEmpty()) {
      return Discovery.nothing(
          "no OpenCL platform has a device ("
              + String.join("; ", complaints)
              + ")"
              + CHECK
              + Drivers.advice());
    }
    complaints.forEach(c -> LOG.log(System.Logger.Level.INFO, "skipped OpenCL platform " + c));
    return new Discovery(List.copyOf(devices), List.copyOf(handles), null);
  }

  private static void addDevices(
      Platform platform,
      List<OpenClDevice> devices,
      List<Handles> handles,
      List<String> complaints) {
    int[] count = new int[1];
    int rc = Cl.status(() -> clGetDeviceIDs(platform.id, ALL_TYPES, 0, null, count));
    SignalHandlers.heal(); // At once: other threads may be dividing by zero.
    cl_device_id[] ids = new cl_device_id[rc == Status.SUCCESS ? count[0] : 0];
    if (ids.length > 0) {
      rc = Cl.status(() -> clGetDeviceIDs(platform.id, ALL_TYPES, ids.length, ids, null));
    }
    if (rc != Status.SUCCESS || ids.length == 0) {
      complaints.add(
          String.format(
              Locale.ROOT,
              "%s: %s",
              platform.name,
              rc == Status.SUCCESS ? "no device" : Status.name(rc)));
      return;
    }
    for (cl_device_id id : ids) {
      if (Cl.isNull(id)) {
        continue;
      }
      try {
        devices.add(Info.describe(devices.size(), platform.name, id));
        handles.add(new Handles(platform.id, id));
      } catch (OpenClException e) {
        // One broken device must not hide the others.
        complaints.add(platform.name + ": " + e.getMessage());
      }
    }
  }
}

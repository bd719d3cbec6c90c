package io.github.fusedloss.opencl;

/**
 * One OpenCL device as its driver describes it, and whether this library can use it.
 *
 * @param index K of {@code opencl:K}: position over all platforms, sorted by platform name and
 *     version, devices in the driver's order
 * @param identity what its driver calls it
 * @param type what it is
 * @param units its compute units
 * @param memory its memory
 * @param unusableReason null when usable, else one sentence: why not, and the cure
 */
public record OpenClDevice(
    int index,
    Identity identity,
    Type type,
    ComputeUnits units,
    DeviceMemory memory,
    String unusableReason) {

  /**
   * What a driver calls a device.
   *
   * @param name device name
   * @param platform platform name
   * @param driverVersion driver version
   */
  public record Identity(String name, String platform, String driverVersion) {}

  /**
   * What computes.
   *
   * @param count number of compute units
   * @param maxWorkGroupSize most work-items in a work-group; a kernel may allow fewer
   * @param localMemoryBytes local memory of a work-group
   */
  public record ComputeUnits(int count, long maxWorkGroupSize, long localMemoryBytes) {}

  /**
   * Where buffers are.
   *
   * @param isHosts whether it is the host's memory, as with CPUs and integrated GPUs
   * @param bytes all of it
   * @param cacheBytes the cache in front of it, 0 if there is none
   * @param maxAllocationBytes largest single buffer
   */
  public record DeviceMemory(
      boolean isHosts, long bytes, long cacheBytes, long maxAllocationBytes) {}

  /** Kind of device. */
  public enum Type {
    /** The host's own processor. */
    CPU,
    /** A graphics processor. */
    GPU,
    /** Anything else. */
    ACCELERATOR
  }

  // CL_FP_* bits of CL_DEVICE_SINGLE_FP_CONFIG.
  private static final long DENORM = 1;
  private static final long INF_NAN = 1 << 1;
  private static final long ROUND_TO_NEAREST = 1 << 2;

  /** Returns the name that its driver gives it. */
  public String name() {
    return identity.name();
  }

  /** Returns whether this library can compute on the device. */
  public boolean usable() {
    return unusableReason == null;
  }

  /**
   * Returns null if these properties suffice, else why not.
   *
   * @param floatConfig {@code CL_DEVICE_SINGLE_FP_CONFIG} bits
   */
  static String judge(
      String version,
      boolean littleEndian,
      boolean compiler,
      boolean available,
      boolean full,
      long floatConfig) {
    String other = "; choose another device, or " + Drivers.advice();
    if (!available) {
      return "its driver says that it is not available; close what holds it, or "
          + Drivers.advice();
    }
    if (!compiler) {
      return "its driver has no OpenCL C compiler; " + Drivers.advice();
    }
    if (version.startsWith("OpenCL 1.0") || version.startsWith("OpenCL 1.1")) {
      return "it has only " + version.strip() + ", 1.2 is needed; " + Drivers.advice();
    }
    if (!littleEndian) {
      return "it is big-endian, which no driver changes; choose another device";
    }
    if (!full) {
      return "it has only OpenCL's embedded profile, whose floats need not round to nearest"
          + other;
    }
    if ((floatConfig & ROUND_TO_NEAREST) == 0) {
      return "its float arithmetic does not round to nearest"
          + lacks("CL_FP_ROUND_TO_NEAREST")
          + other;
    }
    if ((floatConfig & INF_NAN) == 0) {
      return "its floats have no infinities and NaNs" + lacks("CL_FP_INF_NAN") + other;
    }
    if ((floatConfig & DENORM) == 0) {
      return "it flushes subnormal floats to zero, which would change result bits"
          + lacks("CL_FP_DENORM")
          + other;
    }
    return null;
  }

  private static String lacks(String property) {
    return " (its CL_DEVICE_SINGLE_FP_CONFIG lacks " + property + ")";
  }

  @Override
  public String toString() {
    return "opencl:"
        + index
        + " "
        + name()
        + " ("
        + identity.platform()
        + ", driver "
        + identity.driverVersion()
        + ")";
  }
}

package io.github.fusedloss.opencl;

import java.util.Locale;

/** Says where to get an OpenCL driver. The advice ends a message that says why there is none. */
final class Drivers {
  private Drivers() {}

  /** Returns the advice for this system. */
  static String advice() {
    return advice(System.getProperty("os.name"));
  }

  /**
   * Returns the advice for a system.
   *
   * @param system the value of the system property {@code os.name}
   */
  static String advice(String system) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return "on a Mac take cpu:vector: Apple has deprecated OpenCL, and its devices are refused here";
    }
    if (name.startsWith("windows")) {
      return "install your GPU's driver, NVIDIA https://www.nvidia.com/drivers, AMD"
          + " https://www.amd.com/support, Intel"
          + " https://www.intel.com/content/www/us/en/download-center/home.html";
    }
    return "install your GPU's OpenCL driver, NVIDIA https://www.nvidia.com/drivers, AMD"
        + " https://rocm.docs.amd.com, Intel https://dgpu-docs.intel.com, or for the CPU"
        + " https://portablecl.org, on Debian `apt-get install ocl-icd-libopencl1"
        + " pocl-opencl-icd`";
  }
}

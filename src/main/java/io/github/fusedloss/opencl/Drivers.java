package io.github.fusedloss.opencl;

import java.util.Locale;

/** Where a driver with OpenCL is to be had, in the words that end the reason why there is none. */
final class Drivers {
  private Drivers() {}

  /** For this system. */
  static String advice() {
    return advice(System.getProperty("os.name"));
  }

  /**
   * For a system.
   *
   * @param system as the system property {@code os.name} has it
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

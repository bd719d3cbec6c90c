package io.github.fusedloss.opencl;

/** Runs a kernel whose work-items race for one element: ci/oclgrind must see it. */
final class PlantedFault {
  private PlantedFault() {}

  public static void main(String[] args) {
    try (OpenClContext context = OpenClContext.open(OpenCl.devices().get(0));
        DeviceBuffer x = context.allocate(4)) {
      context
          .program("__kernel void race(__global int *x) { x[0] = (int)get_global_id(0); }", "")
          .kernel("race")
          .buffer(x)
          .run(4, 1);
      context.finish();
    }
    System.exit(0);
  }
}

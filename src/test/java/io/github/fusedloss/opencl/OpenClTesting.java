package io.github.fusedloss.opencl;

/** What the tests of this package share. */
final class OpenClTesting {
  private OpenClTesting() {}

  /** For {@code @EnabledIf}: whether there is a device to test on. */
  static boolean hasDevice() {
    return OpenCl.devices().stream().anyMatch(OpenClDevice::usable);
  }

  /** For {@code @EnabledIf}: whether PoCL's environment variables rule what there is. */
  static boolean onlyPocl() {
    return hasDevice()
        && OpenCl.devices().stream()
            .allMatch(d -> d.identity().platform().contains("Portable Computing"));
  }

  static OpenClDevice device() {
    return OpenCl.devices().stream().filter(OpenClDevice::usable).findFirst().orElseThrow();
  }

  /** A description of a GPU that is not here. */
  static OpenClDevice gpu(int index, long maxWorkGroupSize) {
    return device(index, OpenClDevice.Type.GPU, maxWorkGroupSize, 1 << 20);
  }

  /** A description of a CPU that is not here. */
  static OpenClDevice cpu(long cacheBytes) {
    return device(0, OpenClDevice.Type.CPU, 4096, cacheBytes);
  }

  private static OpenClDevice device(
      int index, OpenClDevice.Type type, long maxWorkGroupSize, long cacheBytes) {
    return new OpenClDevice(
        index,
        new OpenClDevice.Identity("x", "x", "1"),
        type,
        new OpenClDevice.ComputeUnits(4, maxWorkGroupSize, 32 << 10),
        new OpenClDevice.DeviceMemory(
            type == OpenClDevice.Type.CPU, 1L << 32, cacheBytes, 1L << 30),
        null);
  }

  static OpenClContext open() {
    return OpenClContext.open(device());
  }

  /** y[i] = a * x[i] + b in exactly rounded steps, so that Java computes the same bits. */
  static final String AXPB =
      """
      #pragma OPENCL FP_CONTRACT OFF
      kernel void axpb(
          global const float* x, global float* y, float a, float b, uint n, ulong base) {
        size_t i = get_global_id(0);
        if (i < n) {
          y[i] = a * x[i] + b + (float)(base >> 32);
        }
      }
      """;

  /** The call y = a x + b of the first n elements of two buffers. */
  static KernelCall axpb(
      OpenClContext context, DeviceBuffer x, DeviceBuffer y, float a, float b, int n) {
    KernelCall call = context.program(AXPB, "").kernel("axpb").buffer(x).buffer(y);
    return call.float32(a).float32(b).int32(n).int64(0);
  }
}

package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_DEVICE_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_COMPILER_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_ENDIAN_LITTLE;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_CACHE_SIZE;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_HOST_UNIFIED_MEMORY;
import static org.jocl.CL.CL_DEVICE_LOCAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_WORK_GROUP_SIZE;
import static org.jocl.CL.CL_DEVICE_MEM_BASE_ADDR_ALIGN;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_PROFILE;
import static org.jocl.CL.CL_DEVICE_SINGLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.CL_PLATFORM_VERSION;
import static org.jocl.CL.CL_PROGRAM_BUILD_LOG;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetKernelInfo;
import static org.jocl.CL.clGetKernelWorkGroupInfo;
import static org.jocl.CL.clGetPlatformInfo;
import static org.jocl.CL.clGetProgramBuildInfo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/** Reads the results of OpenCL's {@code clGet*Info} as Java types. */
final class Info {
  /**
   * The longest text that is read. No honest driver reports more, and it is refused before memory
   * is allocated.
   */
  private static final int MAX_TEXT = 1 << 24;

  /** A {@code clGet*Info} with its object and parameter bound. */
  @FunctionalInterface
  private interface Query {
    int get(long size, Pointer value, long[] sizeRet);
  }

  private Info() {}

  static String platformName(cl_platform_id id) {
    return text(
        "clGetPlatformInfo", "-", (n, v, r) -> clGetPlatformInfo(id, CL_PLATFORM_NAME, n, v, r));
  }

  static String platformVersion(cl_platform_id id) {
    return text(
        "clGetPlatformInfo", "-", (n, v, r) -> clGetPlatformInfo(id, CL_PLATFORM_VERSION, n, v, r));
  }

  static OpenClDevice describe(int index, String platform, cl_device_id id) {
    String name = text(id, CL_DEVICE_NAME, "-");
    String version = text(id, CL_DEVICE_VERSION, name);
    long type = integer(id, CL_DEVICE_TYPE, name);
    boolean little = integer(id, CL_DEVICE_ENDIAN_LITTLE, name) != 0;
    boolean compiler = integer(id, CL_DEVICE_COMPILER_AVAILABLE, name) != 0;
    boolean available = integer(id, CL_DEVICE_AVAILABLE, name) != 0;
    boolean full = text(id, CL_DEVICE_PROFILE, name).equals("FULL_PROFILE");
    long floatConfig = integer(id, CL_DEVICE_SINGLE_FP_CONFIG, name);
    return new OpenClDevice(
        index,
        new OpenClDevice.Identity(name, platform, text(id, CL_DRIVER_VERSION, name)),
        // A type is a bit set: CL_DEVICE_TYPE_DEFAULT may be in it too.
        (type & CL_DEVICE_TYPE_GPU) != 0
            ? OpenClDevice.Type.GPU
            : (type & CL_DEVICE_TYPE_CPU) != 0
                ? OpenClDevice.Type.CPU
                : OpenClDevice.Type.ACCELERATOR,
        new OpenClDevice.ComputeUnits(
            (int) integer(id, CL_DEVICE_MAX_COMPUTE_UNITS, name),
            integer(id, CL_DEVICE_MAX_WORK_GROUP_SIZE, name),
            integer(id, CL_DEVICE_LOCAL_MEM_SIZE, name)),
        new OpenClDevice.DeviceMemory(
            integer(id, CL_DEVICE_HOST_UNIFIED_MEMORY, name) != 0,
            integer(id, CL_DEVICE_GLOBAL_MEM_SIZE, name),
            integer(id, CL_DEVICE_GLOBAL_MEM_CACHE_SIZE, name),
            integer(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE, name)),
        OpenClDevice.judge(version, little, compiler, available, full, floatConfig));
  }

  /** Returns the number of bytes of which the places where buffers may begin must be multiples. */
  static long bufferAlignment(cl_device_id id, String device) {
    // The driver counts bits. The largest type has 128 bytes, and no buffer begins at a multiple of
    // less.
    return Math.max(128, integer(id, CL_DEVICE_MEM_BASE_ADDR_ALIGN, device) / 8);
  }

  static String buildLog(cl_program program, cl_device_id device) {
    try {
      return text(
          "clGetProgramBuildInfo",
          "-",
          (n, v, r) -> clGetProgramBuildInfo(program, device, CL_PROGRAM_BUILD_LOG, n, v, r));
    } catch (OpenClException e) {
      return ""; // The build failure itself is what must be told.
    }
  }

  static int kernelInteger(cl_kernel kernel, int parameter, String name) {
    return (int)
        integer("clGetKernelInfo", name, (n, v, r) -> clGetKernelInfo(kernel, parameter, n, v, r));
  }

  static long kernelWorkGroup(cl_kernel kernel, cl_device_id device, int parameter, String name) {
    return integer(
        "clGetKernelWorkGroupInfo",
        name,
        (n, v, r) -> clGetKernelWorkGroupInfo(kernel, device, parameter, n, v, r));
  }

  private static String text(cl_device_id id, int parameter, String device) {
    return text("clGetDeviceInfo", device, (n, v, r) -> clGetDeviceInfo(id, parameter, n, v, r))
        .replace('\n', ' ');
  }

  private static long integer(cl_device_id id, int parameter, String device) {
    return integer("clGetDeviceInfo", device, (n, v, r) -> clGetDeviceInfo(id, parameter, n, v, r));
  }

  private static String text(String call, String device, Query query) {
    long[] size = new long[1];
    Cl.check(call, device, () -> query.get(0, null, size));
    if (size[0] <= 0 || size[0] > MAX_TEXT) {
      return "";
    }
    ByteBuffer value = Cl.memory((int) size[0]);
    Cl.check(call, device, () -> query.get(value.capacity(), Pointer.to(value), null));
    byte[] bytes = new byte[value.capacity()];
    value.get(bytes);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return OpenClException.clean(new String(bytes, 0, end, StandardCharsets.UTF_8)).strip();
  }

  /**
   * Reads an integer of 4 or 8 bytes: cl_bool and cl_uint have 4, cl_ulong has 8, and size_t
   * either.
   */
  private static long integer(String call, String device, Query query) {
    ByteBuffer value = Cl.memory(Long.BYTES);
    long[] written = new long[1];
    Cl.check(call, device, () -> query.get(Long.BYTES, Pointer.to(value), written));
    return written[0] == Integer.BYTES ? value.getInt(0) & 0xffff_ffffL : value.getLong(0);
  }
}

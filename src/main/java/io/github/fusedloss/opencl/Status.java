package io.github.fusedloss.opencl;

/**
 * OpenCL status codes. They are repeated here as literals, so that an exception can be described
 * even if {@code org.jocl.CL} could not be initialised.
 */
final class Status {
  static final int SUCCESS = 0;
  static final int DEVICE_NOT_FOUND = -1;
  static final int BUILD_PROGRAM_FAILURE = -11;
  static final int PLATFORM_NOT_FOUND_KHR = -1001;

  /** A code of this library: the call gave no status. */
  static final int NONE = Integer.MIN_VALUE;

  /** A code of this library: the loader has no such function. */
  static final int NO_FUNCTION = Integer.MIN_VALUE + 1;

  static final String UNKNOWN = "unknown status";

  private static final String[] NAMES = {
    "CL_SUCCESS",
    "CL_DEVICE_NOT_FOUND",
    "CL_DEVICE_NOT_AVAILABLE",
    "CL_COMPILER_NOT_AVAILABLE",
    "CL_MEM_OBJECT_ALLOCATION_FAILURE",
    "CL_OUT_OF_RESOURCES",
    "CL_OUT_OF_HOST_MEMORY",
    "CL_PROFILING_INFO_NOT_AVAILABLE",
    "CL_MEM_COPY_OVERLAP",
    "CL_IMAGE_FORMAT_MISMATCH",
    "CL_IMAGE_FORMAT_NOT_SUPPORTED",
    "CL_BUILD_PROGRAM_FAILURE",
    "CL_MAP_FAILURE",
    "CL_MISALIGNED_SUB_BUFFER_OFFSET",
    "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
    "CL_COMPILE_PROGRAM_FAILURE",
    "CL_LINKER_NOT_AVAILABLE",
    "CL_LINK_PROGRAM_FAILURE",
    "CL_DEVICE_PARTITION_FAILED",
    "CL_KERNEL_ARG_INFO_NOT_AVAILABLE"
  };

  private static final String[] INVALID = {
    "VALUE",
    "DEVICE_TYPE",
    "PLATFORM",
    "DEVICE",
    "CONTEXT",
    "QUEUE_PROPERTIES",
    "COMMAND_QUEUE",
    "HOST_PTR",
    "MEM_OBJECT",
    "IMAGE_FORMAT_DESCRIPTOR",
    "IMAGE_SIZE",
    "SAMPLER",
    "BINARY",
    "BUILD_OPTIONS",
    "PROGRAM",
    "PROGRAM_EXECUTABLE",
    "KERNEL_NAME",
    "KERNEL_DEFINITION",
    "KERNEL",
    "ARG_INDEX",
    "ARG_VALUE",
    "ARG_SIZE",
    "KERNEL_ARGS",
    "WORK_DIMENSION",
    "WORK_GROUP_SIZE",
    "WORK_ITEM_SIZE",
    "GLOBAL_OFFSET",
    "EVENT_WAIT_LIST",
    "EVENT",
    "OPERATION",
    "GL_OBJECT",
    "BUFFER_SIZE",
    "MIP_LEVEL",
    "GLOBAL_WORK_SIZE"
  };

  private Status() {}

  static String name(int status) {
    if (status <= 0 && status > -NAMES.length) {
      return NAMES[-status];
    }
    if (status <= -30 && status > -30 - INVALID.length) {
      return "CL_INVALID_" + INVALID[-status - 30];
    }
    switch (status) {
      case PLATFORM_NOT_FOUND_KHR:
        return "CL_PLATFORM_NOT_FOUND_KHR";
      case NO_FUNCTION:
        return "the OpenCL loader lacks this function";
      default:
        return UNKNOWN;
    }
  }

  /** Returns whether a smaller or later allocation could succeed where this one did not. */
  static boolean isResource(int status) {
    return status == -4 || status == -5 || status == -6;
  }
}

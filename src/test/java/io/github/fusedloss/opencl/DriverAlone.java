package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clReleaseMemObject;
import static org.jocl.CL.clReleaseProgram;
import static org.jocl.CL.clSetKernelArg;

import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/** What opening, computing and closing cost the driver, with none of this library's code. */
public final class DriverAlone {
  private DriverAlone() {}

  /** Builds programs of one kernel each, runs each once, and releases everything. */
  @SuppressWarnings("deprecation") // clCreateCommandQueue: all that OpenCL 1.2 has
  public static void cycle(int programs) {
    OpenCl.Handles handles = OpenCl.handles(OpenCl.devices().get(0));
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, handles.platform());
    cl_device_id[] device = {handles.device()};
    cl_context context = clCreateContext(properties, 1, device, null, null, null);
    cl_command_queue queue = clCreateCommandQueue(context, device[0], 0, null);
    cl_mem memory = clCreateBuffer(context, CL_MEM_READ_WRITE, 4096, null, null);
    for (int i = 0; i < programs; i++) {
      String[] source = {"kernel void k(global int* x) { x[get_global_id(0)] += " + i + "; }"};
      cl_program program = clCreateProgramWithSource(context, 1, source, null, null);
      int built = clBuildProgram(program, 1, device, "", null, null);
      SignalHandlers.heal();
      if (built != Status.SUCCESS) { // A signal robbed the compiler of its files, see devices.md.
        clReleaseProgram(program);
        i--;
        continue;
      }
      cl_kernel kernel = clCreateKernel(program, "k", null);
      clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(memory));
      clEnqueueNDRangeKernel(queue, kernel, 1, null, new long[] {64}, null, 0, null, null);
      clFinish(queue);
      clReleaseKernel(kernel);
      clReleaseProgram(program);
    }
    clReleaseMemObject(memory);
    clReleaseCommandQueue(queue);
    clReleaseContext(context);
  }

  public static void main(String[] args) throws Exception {
    OpenCl.devices();
    int programs = Integer.parseInt(args[0]);
    for (int i = 0; i <= 4000; i++) {
      cycle(programs);
      if (i % 50 == 0) {
        System.gc();
        String rss =
            java.nio.file.Files.lines(java.nio.file.Path.of("/proc/self/status"))
                .filter(l -> l.startsWith("VmRSS"))
                .findFirst()
                .get();
        System.out.println(i + " " + rss);
      }
    }
  }
}

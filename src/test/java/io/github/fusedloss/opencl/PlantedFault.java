package io.github.fusedloss.opencl;

import static org.jocl.CL.clCreateBuffer;

/** Makes the fault that its argument names: ci/oclgrind must see each of them. */
final class PlantedFault {
  private PlantedFault() {}

  public static void main(String[] args) {
    try (OpenClContext context = OpenClContext.open(OpenCl.devices().get(0))) {
      switch (args[0]) {
        case "race" -> run(context, "x[0] = (int)get_global_id(0);");
        case "uninitialized-local" ->
            run(
                context,
                "__local int t[4]; if (get_local_id(0) == 0) t[0] = 1;"
                    + "barrier(CLK_LOCAL_MEM_FENCE); x[get_global_id(0)] = t[get_local_id(0)];");
        case "uninitialized-global" ->
            run(context, "int i = get_global_id(0); if (x[8 + i] > 0) x[i] = 1;");
        case "uninitialized-vector" ->
            run(context, "if (get_global_id(0) == 0) vstore4(vload4(1, x) + 1, 0, x);");
        case "bounds" -> run(context, "x[1 << 20] = 1;");
        case "api" -> Cl.status(() -> created(context));
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
    System.exit(0);
  }

  /** One group of 4 work-items; x is a buffer that nobody has written. */
  private static void run(OpenClContext context, String body) {
    try (DeviceBuffer x = context.allocate(64)) {
      context
          .program("__kernel void planted(__global int *x) { " + body + " }", "")
          .kernel("planted")
          .buffer(x)
          .run(4, 4);
      context.finish();
    }
  }

  private static int created(OpenClContext context) {
    int[] status = new int[1];
    clCreateBuffer(context.queue().context(), 0, 0, null, status);
    return status[0];
  }
}

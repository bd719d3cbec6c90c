// An OpenCL layer (OPENCL_LAYERS=record.so) that writes what is launched into the folder RECORD, for cubins.py: the source
// and options of each program, and of the first launch of each kernel its sizes, its arguments, and the contents of its
// buffers before and after. For one thread, and for the calls that this library makes.
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl_icd.h>
#include <CL/cl_layer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 1 << 14, ARGUMENTS = 64, MOST_BYTES = 1 << 19 };

static struct buffer { cl_mem handle; size_t bytes; } buffers[MANY];
static struct program { cl_program handle; } programs[MANY];
static struct kernel {
  cl_kernel handle;
  int program, recorded, arguments;
  char name[64];
  struct { size_t bytes; int given; unsigned char value[8]; } argument[ARGUMENTS];
} kernels[MANY];
static int launches;
static struct _cl_icd_dispatch next, layer;

// The place of a handle in a table, or the first free one. A handle that is released and used again keeps its place.
#define PLACE(table, wanted) ({ int i_ = 0; while (table[i_].handle && table[i_].handle != (wanted)) i_++; i_; })

static FILE *out(const char *format, int a, int b) {
  char name[64], path[4096];
  snprintf(name, sizeof name, format, a, b);
  snprintf(path, sizeof path, "%s/%s", getenv("RECORD"), name);
  FILE *file = fopen(path, name[0] == 'l' ? "a" : "w"); // launches.jsonl grows
  if (!file) abort();
  return file;
}

static cl_mem CL_API_CALL create_buffer(cl_context c, cl_mem_flags f, size_t bytes, void *host, cl_int *status) {
  cl_mem made = next.clCreateBuffer(c, f, bytes, host, status);
  if (made) buffers[PLACE(buffers, made)] = (struct buffer){made, bytes};
  return made;
}

static cl_program CL_API_CALL create_program(
    cl_context c, cl_uint count, const char **source, const size_t *lengths, cl_int *status) {
  cl_program made = next.clCreateProgramWithSource(c, count, source, lengths, status);
  int at = PLACE(programs, made);
  programs[at].handle = made;
  FILE *file = out("%d.cl", at, 0);
  if (lengths && lengths[0]) fwrite(source[0], 1, lengths[0], file);
  else fputs(source[0], file);
  fclose(file);
  return made;
}

static cl_int CL_API_CALL build(cl_program p, cl_uint n, const cl_device_id *d, const char *options,
    void(CL_CALLBACK *notify)(cl_program, void *), void *data) {
  FILE *file = out("%d.options", PLACE(programs, p), 0);
  fputs(options, file);
  fclose(file);
  return next.clBuildProgram(p, n, d, options, notify, data);
}

static cl_kernel CL_API_CALL create_kernel(cl_program p, const char *name, cl_int *status) {
  cl_kernel made = next.clCreateKernel(p, name, status);
  if (made) {
    struct kernel *k = &kernels[PLACE(kernels, made)];
    *k = (struct kernel){made, PLACE(programs, p)};
    snprintf(k->name, sizeof k->name, "%s", name);
  }
  return made;
}

static cl_int CL_API_CALL set_argument(cl_kernel handle, cl_uint i, size_t bytes, const void *value) {
  struct kernel *k = &kernels[PLACE(kernels, handle)];
  k->argument[i].bytes = bytes;
  k->argument[i].given = value != NULL;
  if (value) memcpy(k->argument[i].value, value, bytes);
  if (k->arguments <= (int)i) k->arguments = i + 1;
  return next.clSetKernelArg(handle, i, bytes, value);
}

// The buffer of an argument, or NULL if it is a number or a null pointer.
static struct buffer *buffer_of(struct kernel *k, int i) {
  cl_mem handle;
  if (k->argument[i].bytes != sizeof handle || !k->argument[i].given) return NULL;
  memcpy(&handle, k->argument[i].value, sizeof handle);
  struct buffer *b = &buffers[PLACE(buffers, handle)];
  return b->handle ? b : NULL;
}

static void contents(cl_command_queue q, struct kernel *k, const char *format) {
  next.clFinish(q);
  for (int i = 0; i < k->arguments; i++) {
    struct buffer *b = buffer_of(k, i);
    if (!b) continue;
    void *data = malloc(b->bytes);
    if (next.clEnqueueReadBuffer(q, b->handle, CL_TRUE, 0, b->bytes, data, 0, NULL, NULL)) abort();
    FILE *file = out(format, launches, i);
    fwrite(data, 1, b->bytes, file);
    fclose(file);
    free(data);
  }
}

static cl_int CL_API_CALL launch(cl_command_queue q, cl_kernel handle, cl_uint dimensions, const size_t *offset,
    const size_t *global, const size_t *local, cl_uint waits, const cl_event *wait, cl_event *event) {
  struct kernel *k = &kernels[PLACE(kernels, handle)];
  size_t bytes = 0;
  for (int i = 0; i < k->arguments; i++) bytes += buffer_of(k, i) ? buffer_of(k, i)->bytes : 0;
  int record = !k->recorded && bytes <= MOST_BYTES;
  if (record) {
    contents(q, k, "%d.%d.before");
    FILE *file = out("launches.jsonl", 0, 0);
    fprintf(file, "{\"launch\": %d, \"program\": %d, \"kernel\": \"%s\", \"groups\": [%zu, %zu], \"items\": %zu, \"arguments\": [",
        launches, k->program, k->name, global[0] / local[0], dimensions > 1 ? global[1] / local[1] : 1, local[0]);
    for (int i = 0; i < k->arguments; i++) {
      fprintf(file, "%s{\"bytes\": %zu, \"buffer\": %s, \"value\": \"", i ? ", " : "", k->argument[i].bytes,
          buffer_of(k, i) ? "true" : "false");
      for (size_t j = 0; j < k->argument[i].bytes; j++) {
        fprintf(file, "%02x", k->argument[i].given && !buffer_of(k, i) ? k->argument[i].value[j] : 0);
      }
      fprintf(file, "\"}");
    }
    fprintf(file, "]}\n");
    fclose(file);
  }
  cl_int status = next.clEnqueueNDRangeKernel(q, handle, dimensions, offset, global, local, waits, wait, event);
  if (record) {
    contents(q, k, "%d.%d.after");
    k->recorded = 1;
    launches++;
  }
  return status;
}

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info what, size_t size, void *value, size_t *written) {
  cl_layer_api_version version = CL_LAYER_API_VERSION_100;
  if (what != CL_LAYER_API_VERSION || (value && size < sizeof version)) return CL_INVALID_VALUE;
  if (value) memcpy(value, &version, sizeof version);
  if (written) *written = sizeof version;
  return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint entries, const struct _cl_icd_dispatch *target, cl_uint *own_entries,
    const struct _cl_icd_dispatch **own) {
  size_t most = sizeof next / sizeof(void *);
  memcpy(&next, target, (entries < most ? entries : most) * sizeof(void *));
  layer = next;
  layer.clCreateBuffer = create_buffer;
  layer.clCreateProgramWithSource = create_program;
  layer.clBuildProgram = build;
  layer.clCreateKernel = create_kernel;
  layer.clSetKernelArg = set_argument;
  layer.clEnqueueNDRangeKernel = launch;
  *own = &layer;
  *own_entries = entries < most ? entries : most;
  return CL_SUCCESS;
}

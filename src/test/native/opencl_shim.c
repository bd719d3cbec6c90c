// A libOpenCL.so.1 that forwards to the real one, injects a fault on demand, and counts live objects.
//
// SHIM_REAL names the real library by its absolute path, SHIM_CONTROL a file of `struct control`, which is
// mapped, so that the test that maps it too can plan a fault and watch at any time; FaultShim.java is its twin.
//
// Only what the library and JOCL call is here. Types are spelled as their sizes, so no headers are needed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef void *P;
typedef int32_t I;
typedef uint32_t U;
typedef uint64_t L;
typedef size_t Z;

enum kind { CONTEXT, QUEUE, PROGRAM, KERNEL, MEM, EVENT, KINDS };
enum mode {
  FAIL,     // the planned calls return the code
  LOSE,     // from the first planned call on every call of every function does, but releases do their work
  CORRUPT,  // the planned calls succeed, and a bit of what they read is wrong: no rounding error
  HANG      // the planned calls do not return before `release` is set, and do nothing then
};

static struct control {
  volatile I armed;       // 0: everything is forwarded
  volatile I first, last; // which calls of the function since it was armed, counted from 1
  volatile I code;
  volatile I mode;
  volatile I faults;      // how many were planned ones
  volatile I release;
  volatile I live[KINDS]; // created and not released
  volatile I word;        // which 4 bytes of a read are corrupted, from the end where negative
  char function[64];
  struct seen {
    char name[60];
    volatile I calls; // since armed
  } seen[64];
} * control;

static void *lib;

__attribute__((constructor)) static void begin(void) {
  int file = open(getenv("SHIM_CONTROL"), O_RDWR);
  control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file < 0 || control == MAP_FAILED || !(lib = dlopen(getenv("SHIM_REAL"), RTLD_NOW | RTLD_LOCAL))) {
    fprintf(stderr, "opencl_shim: SHIM_CONTROL or SHIM_REAL cannot be opened\n");
    abort();
  }
  close(file);
}

// Where calls of a function are counted.
static struct seen *seen(const char *name) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  struct seen *s = control->seen;
  while (s->name[0] && strcmp(s->name, name)) s++;
  strcpy(s->name, name);
  pthread_mutex_unlock(&lock);
  return s;
}

// Whether this call is a planned one. Does not return from a hang until it is released.
static int planned(struct seen *function) {
  if (!control->armed) return 0;
  int n = __sync_add_and_fetch(&function->calls, 1);
  if (control->mode == LOSE && control->faults) return 1;
  if (strcmp(function->name, control->function)) return 0;
  if (n < control->first || n > control->last) return 0;
  __sync_add_and_fetch(&control->faults, 1);
  while (control->mode == HANG && !control->release) usleep(1000);
  return 1;
}

static void corrupt(P data, Z bytes) {
  if (bytes < 4) return;
  I words = (I)(bytes / 4), at = control->word < 0 ? words + control->word : control->word;
  ((U *)data)[at < 0 ? 0 : at < words ? at : words - 1] ^= 0x40000000u; // from nothing to 2, from 1 to infinity
}

#define NEXT(type, name, params)                   \
  static type(*next) params;                       \
  static struct seen *function;                    \
  if (!next) {                                     \
    function = seen(#name);                        \
    next = dlsym(lib, #name);                      \
  }                                                \
  int fault = planned(function), keep = fault && control->mode == CORRUPT;
#define CALL_AND(name, params, args, then)         \
  I name params {                                  \
    NEXT(I, name, params)                          \
    if (fault && !keep) return control->code;      \
    I status = next args;                          \
    if (!status) {                                 \
      then;                                        \
    }                                              \
    return status;                                 \
  }
#define CALL(name, params, args) CALL_AND(name, params, args, )
// With an event where one is asked for, which JOCL does for all that moves data.
#define COUNT_EVENT if (e_) __sync_add_and_fetch(&control->live[EVENT], 1)
#define ENQUEUE(name, params, args) CALL_AND(name, params, args, COUNT_EVENT)
// A release that fails has released all the same: what counts is that it was asked for.
#define RELEASE(name, kind)                        \
  I name(P o) {                                    \
    NEXT(I, name, (P))                             \
    __sync_sub_and_fetch(&control->live[kind], 1); \
    I status = next(o);                            \
    return fault && !keep ? control->code : status; \
  }
#define CREATE(kind, name, params, args)           \
  P name params {                                  \
    NEXT(P, name, params)                          \
    if (fault && !keep) {                          \
      *err = control->code;                        \
      return NULL;                                 \
    }                                              \
    P made = next args;                            \
    if (made) __sync_add_and_fetch(&control->live[kind], 1); \
    return made;                                   \
  }

CALL(clGetPlatformIDs, (U n, P p, P c), (n, p, c))
CALL(clGetPlatformInfo, (P p, U w, Z n, P v, P r), (p, w, n, v, r))
CALL(clGetDeviceInfo, (P d, U w, Z n, P v, P r), (d, w, n, v, r))
CREATE(CONTEXT, clCreateContext, (P p, U n, P d, P cb, P u, I *err), (p, n, d, cb, u, err))
CREATE(QUEUE, clCreateCommandQueue, (P c, P d, L p, I *err), (c, d, p, err))
CREATE(MEM, clCreateBuffer, (P c, L f_, Z n, P h, I *err), (c, f_, n, h, err))
CREATE(MEM, clCreateSubBuffer, (P b, L f_, U t, P r, I *err), (b, f_, t, r, err))
CREATE(PROGRAM, clCreateProgramWithSource, (P c, U n, P s, P l, I *err), (c, n, s, l, err))
CREATE(KERNEL, clCreateKernel, (P p, const char *n, I *err), (p, n, err))
RELEASE(clReleaseKernel, KERNEL)
RELEASE(clReleaseProgram, PROGRAM)
RELEASE(clReleaseMemObject, MEM)
RELEASE(clReleaseCommandQueue, QUEUE)
RELEASE(clReleaseContext, CONTEXT)
RELEASE(clReleaseEvent, EVENT)
CALL(clBuildProgram, (P p, U n, P d, P o, P cb, P u), (p, n, d, o, cb, u))
CALL(clGetProgramBuildInfo, (P p, P d, U w, Z n, P v, P r), (p, d, w, n, v, r))
CALL(clGetKernelInfo, (P k, U w, Z n, P v, P r), (k, w, n, v, r))
CALL(clGetKernelWorkGroupInfo, (P k, P d, U w, Z n, P v, P r), (k, d, w, n, v, r))
CALL(clGetEventProfilingInfo, (P e, U w, Z n, P v, P r), (e, w, n, v, r))
CALL(clSetKernelArg, (P k, U i, Z n, P v), (k, i, n, v))
ENQUEUE(clEnqueueNDRangeKernel, (P q, P k, U d, P o, P g, P l, U n, P w, P e_),
        (q, k, d, o, g, l, n, w, e_))
CALL_AND(clEnqueueReadBuffer, (P q, P m, U b, Z o, Z n, P p, U k, P w, P e_),
         (q, m, b, o, n, p, k, w, e_), COUNT_EVENT; if (keep) corrupt(p, n))
ENQUEUE(clEnqueueWriteBuffer, (P q, P m, U b, Z o, Z n, P p, U k, P w, P e_),
        (q, m, b, o, n, p, k, w, e_))
ENQUEUE(clEnqueueUnmapMemObject, (P q, P m, P p, U k, P w, P e_), (q, m, p, k, w, e_))
ENQUEUE(clEnqueueFillBuffer, (P q, P m, P p, Z s, Z o, Z n, U k, P w, P e_),
        (q, m, p, s, o, n, k, w, e_))
ENQUEUE(clEnqueueCopyBuffer, (P q, P a, P b, Z s, Z d, Z n, U k, P w, P e_),
        (q, a, b, s, d, n, k, w, e_))
CALL(clFinish, (P q), (q))
CALL(clWaitForEvents, (U n, P e), (n, e))
CALL_AND(clRetainEvent, (P e), (e), __sync_add_and_fetch(&control->live[EVENT], 1))

// A type with bits that OpenCL does not know is CL_INVALID_DEVICE_TYPE: some drivers say so, such as Mesa's rusticl.
I clGetDeviceIDs(P p, L t, U n, P d, P c) {
  NEXT(I, clGetDeviceIDs, (P, L, U, P, P))
  if (fault && !keep) return control->code;
  return t >> 32 ? -31 : next(p, t, n, d, c);
}

P clEnqueueMapBuffer(P q, P m, U b, L f_, Z o, Z n, U k, P w, P e_, I *err) {
  NEXT(P, clEnqueueMapBuffer, (P, P, U, L, Z, Z, U, P, P, I *))
  if (fault && !keep) {
    *err = control->code;
    return NULL;
  }
  P mapped = next(q, m, b, f_, o, n, k, w, e_, err);
  if (mapped) {
    COUNT_EVENT;
  }
  if (keep && mapped && f_ & 1) corrupt(mapped, n); // CL_MAP_READ
  return mapped;
}

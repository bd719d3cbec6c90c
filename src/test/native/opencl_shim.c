// A libOpenCL.so.1 that forwards to the real one, fails calls on demand, and counts live objects.
//
// SHIM_REAL names the real library, SHIM_FILE a file with "function@N=code": the Nth call of that
// function since the last clCreateContext fails with that code, and with "function@N+=code" every
// one from the Nth on. The file is read at each clCreateContext. Then, and at each clReleaseContext,
// the number of objects that were created and not released is written to SHIM_FILE.live.
//
// Only what the library calls is here. Types are spelled as their sizes, so no headers are needed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *P;
typedef int32_t I;
typedef uint32_t U;
typedef uint64_t L;
typedef size_t Z;

static char target[64];
static int nth, forever, code;
static int calls, live;

static void *real(const char *name) {
  static void *lib;
  if (!lib && !(lib = dlopen(getenv("SHIM_REAL"), RTLD_NOW | RTLD_LOCAL))) abort();
  return dlsym(lib, name);
}

static int fails(const char *name) {
  if (strcmp(name, target)) return 0;
  int n = __sync_add_and_fetch(&calls, 1);
  return n == nth || (forever && n > nth) ? code : 0;
}

static void report(void) {
  char path[512];
  snprintf(path, sizeof path, "%s.live", getenv("SHIM_FILE"));
  FILE *f = fopen(path, "w");
  if (f) {
    fprintf(f, "%d", live);
    fclose(f);
  }
}

static void arm(void) {
  char plus[2] = "", line[128] = "";
  FILE *f = fopen(getenv("SHIM_FILE"), "r");
  if (f) {
    if (!fgets(line, sizeof line, f)) line[0] = 0;
    fclose(f);
  }
  calls = 0;
  forever = strchr(line, '+') != NULL;
  if (sscanf(line, "%63[^@]@%d%1[+]=%d", target, &nth, plus, &code) != 4
      && sscanf(line, "%63[^@]@%d=%d", target, &nth, &code) != 3)
    target[0] = 0;
  report();
}

#define CALL(name, params, args)                   \
  I name params {                                  \
    static I(*next) params;                        \
    if (!next) next = real(#name);                 \
    int fault = fails(#name);                      \
    return fault ? fault : next args;              \
  }
// A release that fails has released all the same: what counts is that it was asked for.
#define RELEASE(name, then)                        \
  I name(P o) {                                    \
    static I (*next)(P);                           \
    if (!next) next = real(#name);                 \
    __sync_sub_and_fetch(&live, 1);                \
    int fault = fails(#name), r = next(o);         \
    then;                                          \
    return fault ? fault : r;                      \
  }
#define CREATE(count, before, name, params, args)  \
  P name params {                                  \
    static P(*next) params;                        \
    if (!next) next = real(#name);                 \
    before;                                        \
    int fault = fails(#name);                      \
    if (fault) {                                   \
      *err = fault;                                \
      return NULL;                                 \
    }                                              \
    P made = next args;                            \
    if (made) __sync_add_and_fetch(&live, count);  \
    return made;                                   \
  }

CALL(clGetPlatformIDs, (U n, P p, P c), (n, p, c))
CALL(clGetPlatformInfo, (P p, U w, Z n, P v, P r), (p, w, n, v, r))
CALL(clGetDeviceIDs, (P p, L t, U n, P d, P c), (p, t, n, d, c))
CALL(clGetDeviceInfo, (P d, U w, Z n, P v, P r), (d, w, n, v, r))
CREATE(1, arm(), clCreateContext, (P p, U n, P d, P cb, P u, I *err), (p, n, d, cb, u, err))
CREATE(1, , clCreateCommandQueue, (P c, P d, L p, I *err), (c, d, p, err))
CREATE(1, , clCreateBuffer, (P c, L f_, Z n, P h, I *err), (c, f_, n, h, err))
CREATE(1, , clCreateProgramWithSource, (P c, U n, P s, P l, I *err), (c, n, s, l, err))
CREATE(1, , clCreateKernel, (P p, const char *n, I *err), (p, n, err))
CREATE(0, , clEnqueueMapBuffer,
       (P q, P m, U b, L f_, Z o, Z n, U k, P w, P e_, I *err), (q, m, b, f_, o, n, k, w, e_, err))
RELEASE(clReleaseKernel, )
RELEASE(clReleaseProgram, )
RELEASE(clReleaseMemObject, )
RELEASE(clReleaseCommandQueue, )
RELEASE(clReleaseContext, report())
CALL(clBuildProgram, (P p, U n, P d, P o, P cb, P u), (p, n, d, o, cb, u))
CALL(clGetProgramBuildInfo, (P p, P d, U w, Z n, P v, P r), (p, d, w, n, v, r))
CALL(clGetKernelInfo, (P k, U w, Z n, P v, P r), (k, w, n, v, r))
CALL(clGetKernelWorkGroupInfo, (P k, P d, U w, Z n, P v, P r), (k, d, w, n, v, r))
CALL(clSetKernelArg, (P k, U i, Z n, P v), (k, i, n, v))
CALL(clEnqueueNDRangeKernel, (P q, P k, U d, P o, P g, P l, U n, P w, P e_),
     (q, k, d, o, g, l, n, w, e_))
CALL(clEnqueueReadBuffer, (P q, P m, U b, Z o, Z n, P p, U k, P w, P e_),
     (q, m, b, o, n, p, k, w, e_))
CALL(clEnqueueWriteBuffer, (P q, P m, U b, Z o, Z n, P p, U k, P w, P e_),
     (q, m, b, o, n, p, k, w, e_))
CALL(clEnqueueUnmapMemObject, (P q, P m, P p, U k, P w, P e_), (q, m, p, k, w, e_))
CALL(clEnqueueFillBuffer, (P q, P m, P p, Z s, Z o, Z n, U k, P w, P e_),
     (q, m, p, s, o, n, k, w, e_))
CALL(clEnqueueCopyBuffer, (P q, P a, P b, Z s, Z d, Z n, U k, P w, P e_),
     (q, a, b, s, d, n, k, w, e_))
CALL(clFinish, (P q), (q))

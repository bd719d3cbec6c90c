package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceException;
import java.util.Locale;

/**
 * An OpenCL call failed. It carries what a caller needs to choose between retry, fallback and
 * report.
 */
public final class OpenClException extends DeviceException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LOG = 64 * 1024;

  /** What a failure means for a caller that could fall back. */
  public enum Kind {
    /** There is no OpenCL, no platform, or no such device. */
    UNAVAILABLE,
    /** The device is there but cannot do this: it lacks a feature, or its compiler refused. */
    UNSUPPORTED,
    /** Memory or another resource ran out; a smaller piece may succeed. */
    RESOURCE,
    /** The device or its queue is gone; the whole context must be dropped. */
    DEVICE_LOST,
    /** A call was made wrongly: a defect of this library or of the driver. */
    BUG;

    static Kind of(int status) {
      if (Status.isResource(status) || status == -61 || status == -12) {
        return RESOURCE;
      }
      switch (status) {
        case Status.DEVICE_NOT_FOUND:
        case Status.PLATFORM_NOT_FOUND_KHR:
          return UNAVAILABLE;
        case Status.NO_FUNCTION:
        case -3: // no compiler
        case Status.BUILD_PROGRAM_FAILURE:
        case -54: // work-group size
        case -55: // work-item size
          return UNSUPPORTED;
        case -2: // device not available
        case -14: // an earlier command failed
        case -33: // what was a device is none any more
        case -34: // what was a context is none any more
        case -36: // the queue was lost with its device
          return DEVICE_LOST;
        default:
          // For example NVIDIA's -9999: illegal access, or a reset by the watchdog. The state of
          // the device is unknown.
          return Status.name(status).equals(Status.UNKNOWN) ? DEVICE_LOST : BUG;
      }
    }
  }

  private final Kind kind;
  private final String call;
  private final int status;
  private final String buildLog;

  private OpenClException(
      String message, Kind kind, String call, int status, String device, String buildLog) {
    super(message, device, kind == Kind.DEVICE_LOST, null);
    this.kind = kind;
    this.call = call;
    this.status = status;
    this.buildLog = buildLog;
  }

  static OpenClException ofStatus(String call, int status, String device) {
    return new OpenClException(
        String.format(
            Locale.ROOT, "%s failed on %s: %s (%d)", call, device, Status.name(status), status),
        Kind.of(status),
        call,
        status,
        device,
        "");
  }

  static OpenClException ofBuild(int status, String device, String rawLog) {
    String log = clean(rawLog);
    return new OpenClException(
        String.format(
            Locale.ROOT,
            "clBuildProgram failed on %s: %s (%d)%s",
            device,
            Status.name(status),
            status,
            log.isEmpty() ? "" : "\n" + log),
        Kind.of(status),
        "clBuildProgram",
        status,
        device,
        log);
  }

  static OpenClException of(Kind kind, String call, String device, String message) {
    return new OpenClException(message, kind, call, 0, device, "");
  }

  /**
   * Cleans a driver's text: limits its length, and removes what could forge log lines or control a
   * terminal.
   */
  static String clean(String log) {
    String bounded =
        log.length() <= MAX_LOG ? log : log.substring(0, MAX_LOG) + "\n[build log cut here]";
    return bounded.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "").strip();
  }

  /** Returns what the failure means. */
  public Kind kind() {
    return kind;
  }

  /** Returns the OpenCL function that failed, such as {@code clBuildProgram}. */
  public String call() {
    return call;
  }

  /** Returns the status that OpenCL returned; 0 if the library refused before calling. */
  public int status() {
    return status;
  }

  /** Returns the compiler's log, at most 64 KiB without control characters; otherwise empty. */
  public String buildLog() {
    return buildLog;
  }
}

package io.github.fusedloss;

/**
 * An executor that exists on this machine, usable or not.
 *
 * @param name the name to open it by: cpu:vector, cpu:scalar, opencl:0, ...
 * @param backend opencl or cpu
 * @param description device, driver and threads, as text for people
 * @param type what it runs on
 * @param usable whether it can be opened
 * @param reason why it is not usable, and what would cure it; empty if it is usable
 * @param rank the automatic choice takes the usable executor with the highest rank
 */
public record DeviceInfo(
    String name,
    String backend,
    String description,
    DeviceType type,
    boolean usable,
    String reason,
    int rank) {

  /** What an executor runs on. */
  public enum DeviceType {
    /** The cores of the host. */
    CPU,
    /** A graphics processor. */
    GPU,
    /** Anything else. */
    ACCELERATOR
  }
}

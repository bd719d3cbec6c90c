package io.github.fusedloss;

/**
 * An executor that exists on this machine, usable or not.
 *
 * @param name what a program asks for it by: cpu:vector, cpu:scalar, opencl:0, ...
 * @param backend opencl or cpu
 * @param description device, driver, threads: for people
 * @param type what it runs on
 * @param usable whether it can be opened
 * @param reason if it is not usable: why, and what would cure it; otherwise empty
 * @param rank of the usable ones the automatic choice takes the highest
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

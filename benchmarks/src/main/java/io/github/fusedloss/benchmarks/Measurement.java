package io.github.fusedloss.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.annotations.SerializedName;
import java.util.Locale;

/**
 * One JSON line: a work measured with a provider, or why not. What does not apply is null and left
 * out.
 *
 * @param bytes the least that has to move
 * @param fractionOfCopy the time of the device's own copy that moves as many bytes, measured in the
 *     same process, over the time of the call
 * @param fractionOfFastestCopy of the faster of that and the host's copy with all threads
 * @param unsupported what the provider lacks
 * @param error why the provider was not timed: a wrong result, an exception
 */
record Measurement(
    String benchmark,
    String shape,
    String dtype,
    String provider,
    @SerializedName("median_seconds") Double medianSeconds,
    long bytes,
    @SerializedName("gigabytes_per_second") Double gigabytesPerSecond,
    @SerializedName("fraction_of_copy") Double fractionOfCopy,
    @SerializedName("fraction_of_fastest_copy") Double fractionOfFastestCopy,
    @SerializedName("copy_gigabytes_per_second") Double copyGigabytesPerSecond,
    @SerializedName("host_copy_gigabytes_per_second") Double hostCopyGigabytesPerSecond,
    String unsupported,
    String error,
    String device,
    String java,
    int threads,
    String command) {

  static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** A result; copies of 0 mean that there is no floor to speak of. */
  static Measurement of(
      Work work, String provider, String device, double seconds, double copy, double hostCopy) {
    double rate = work.bytes() / seconds;
    double fastestCopy = Math.max(copy, hostCopy);
    return new Measurement(
        work.benchmark(),
        work.shapeText(),
        work.dtypeText(),
        provider,
        round(seconds),
        work.bytes(),
        round(rate / 1e9),
        copy > 0 ? round(rate / copy) : null,
        fastestCopy > 0 ? round(rate / fastestCopy) : null,
        copy > 0 ? round(copy / 1e9) : null,
        hostCopy > 0 ? round(hostCopy / 1e9) : null,
        null,
        null,
        device,
        Machine.java(),
        Machine.threads(),
        Machine.command());
  }

  /** No result: "unsupported" or "error", and why. */
  static Measurement without(Work work, String provider, String device, String how, String why) {
    return new Measurement(
        work.benchmark(),
        work.shapeText(),
        work.dtypeText(),
        provider,
        null,
        work.bytes(),
        null,
        null,
        null,
        null,
        null,
        how.equals("unsupported") ? why : null,
        how.equals("error") ? why : null,
        device,
        Machine.java(),
        Machine.threads(),
        Machine.command());
  }

  static Measurement parse(String json) {
    return GSON.fromJson(json, Measurement.class);
  }

  /** Returns a copy under the name of another benchmark. */
  Measurement of(String benchmark) {
    return new Measurement(
        benchmark,
        shape,
        dtype,
        provider,
        medianSeconds,
        bytes,
        gigabytesPerSecond,
        fractionOfCopy,
        fractionOfFastestCopy,
        copyGigabytesPerSecond,
        hostCopyGigabytesPerSecond,
        unsupported,
        error,
        device,
        java,
        threads,
        command);
  }

  String json() {
    return GSON.toJson(this);
  }

  /** 1024x32768, or 1024x32768 bf16. */
  String shapeAndType() {
    return dtype.equals("f32") ? shape : shape + " " + dtype;
  }

  /** What the work is called among all. */
  String key() {
    return benchmark + " " + shapeAndType();
  }

  /** A line that says how far a run is. */
  String progress(int done, int all) {
    return String.format(
        Locale.ROOT, "[%d/%d] %-16s %-66s %s", done, all, provider, key(), summary());
  }

  String summary() {
    if (medianSeconds == null) {
      return unsupported != null ? "unsupported: " + unsupported : "FAILED: " + error;
    }
    return time(medianSeconds)
        + (fractionOfCopy == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", %.1f GB/s, %.2f of its copy, %.2f of the fastest",
                gigabytesPerSecond,
                fractionOfCopy,
                fractionOfFastestCopy));
  }

  /** 1.23 us, 45.6 ms: three digits. */
  static String time(double seconds) {
    String[] units = {"s", "ms", "us", "ns"};
    int unit = 0;
    double value = seconds;
    while (value < 1 && unit < 3) {
      value *= 1000;
      unit++;
    }
    int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
  }

  /** Four digits: more would be noise. */
  private static double round(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
  }
}

package io.github.fusedloss.backend;

/**
 * What is done to logits v of class k before all else: {@code softcap * tanh(v / softcap) /
 * temperature + bias[k]}. kernels/logits.cl has the formulas.
 *
 * @param softcap 0 for none
 * @param temperature 1 for none
 * @param bias float32, one for each class; or null
 */
public record Logits(float softcap, float temperature, Memory bias) {
  /** The logits are left as they are. */
  public static final Logits PLAIN = new Logits(0f, 1f, null);

  /** Returns what these options do to logits; if that is nothing, makes no object. */
  public static Logits of(OptionValues values, Memory bias) {
    return of(values.number(Option.SOFTCAP), values.number(Option.TEMPERATURE), bias);
  }

  /** Returns what these numbers do to logits; if that is nothing, makes no object. */
  public static Logits of(float softcap, float temperature, Memory bias) {
    return softcap == 0f && temperature == 1f && bias == null
        ? PLAIN
        : new Logits(softcap, temperature, bias);
  }

  /** Returns whether nothing is done. */
  public boolean isPlain() {
    return equals(PLAIN);
  }

  /** Returns whether there is a soft cap. */
  public boolean hasSoftcap() {
    return softcap > 0f;
  }

  /** Returns whether there is a temperature. */
  public boolean hasTemperature() {
    return temperature != 1f;
  }

  /** Returns whether the derivative may differ from 1. */
  public boolean hasSlopes() {
    return hasSoftcap() || hasTemperature();
  }

  /** Returns 2 / softcap; 0 if there is no cap. */
  public double twice() {
    return hasSoftcap() ? 2.0 / softcap : 0;
  }

  /** Returns 1 / temperature. */
  public double inverse() {
    return 1.0 / temperature;
  }

  /** Returns the features that kernels are compiled with, as options of OpenCL's compiler. */
  public String features() {
    if (isPlain()) {
      return "";
    }
    return " -D TRANSFORM"
        + (hasSoftcap() ? " -D SOFTCAP" : "")
        + (hasTemperature() ? " -D TEMPERATURE" : "")
        + (bias == null ? "" : " -D LOGIT_BIAS")
        + (hasSlopes() ? " -D SLOPES" : "");
  }
}

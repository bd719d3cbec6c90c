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
  /** Nothing is done. */
  public static final Logits PLAIN = new Logits(0f, 1f, null);

  /** These, or none at no cost. */
  public static Logits of(OptionValues values, Memory bias) {
    return of(values.number(Option.SOFTCAP), values.number(Option.TEMPERATURE), bias);
  }

  /** The same of these. */
  public static Logits of(float softcap, float temperature, Memory bias) {
    return softcap == 0f && temperature == 1f && bias == null
        ? PLAIN
        : new Logits(softcap, temperature, bias);
  }

  /** Whether nothing is done. */
  public boolean isPlain() {
    return equals(PLAIN);
  }

  /** Whether there is a cap. */
  public boolean hasSoftcap() {
    return softcap > 0f;
  }

  /** Whether there is a temperature. */
  public boolean hasTemperature() {
    return temperature != 1f;
  }

  /** Whether the derivative is another number than 1. */
  public boolean hasSlopes() {
    return hasSoftcap() || hasTemperature();
  }

  /** 2 / softcap. */
  public double twice() {
    return hasSoftcap() ? 2.0 / softcap : 0;
  }

  /** 1 / temperature. */
  public double inverse() {
    return 1.0 / temperature;
  }

  /** The features that kernels are compiled with, as OpenCL's compiler takes them. */
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

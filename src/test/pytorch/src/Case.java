import java.util.Map;
import java.util.TreeMap;

/**
 * One call of a loss: what goes in. Options left null or at PyTorch's default are not written.
 *
 * @param loss PyTorch's name of the function
 * @param target null for softmax, log_softmax, logsumexp and sigmoid
 * @param reduction "none", "mean", "sum" or "batchmean"; null where the function has none
 * @param more options that are not PyTorch's own or of one function alone, by their names
 */
record Case(
    String loss,
    Data input,
    Data target,
    Data weight,
    Data posWeight,
    String reduction,
    long ignoreIndex,
    float labelSmoothing,
    Map<String, Float> more) {

  static final long NO_IGNORE = -100;
  static final String[] REDUCTIONS = {"none", "mean", "sum"};

  static Case of(String loss, Data input, Data target, String reduction) {
    return new Case(loss, input, target, null, null, reduction, NO_IGNORE, 0, Map.of());
  }

  Case weight(Data weight) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing, more);
  }

  Case posWeight(Data posWeight) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing, more);
  }

  Case ignoreIndex(long ignoreIndex) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing, more);
  }

  Case labelSmoothing(float labelSmoothing) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing, more);
  }

  /** With one option more. */
  Case with(String option, float value) {
    Map<String, Float> all = new TreeMap<>(more);
    all.put(option, value);
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing, all);
  }

  /** The value of an option, or this where it was not given. */
  float option(String name, float otherwise) {
    return more.getOrDefault(name, otherwise);
  }

  /** Unique: it names every tensor and every option that is not the default. */
  String name() {
    StringBuilder name = new StringBuilder(loss).append('/').append(input.name());
    if (target != null) {
      name.append('/').append(target.name());
    }
    if (weight != null) {
      name.append('/').append(weight.name());
    }
    if (posWeight != null) {
      name.append('/').append(posWeight.name());
    }
    if (ignoreIndex != NO_IGNORE) {
      name.append("/ignore=").append(ignoreIndex);
    }
    if (labelSmoothing != 0) {
      name.append("/smoothing=").append(labelSmoothing);
    }
    more.forEach((option, value) -> name.append('/').append(option).append('=').append(value));
    return reduction == null ? name.toString() : name.append('/').append(reduction).toString();
  }
}

/**
 * One call of a loss: what goes in. Options left null or at PyTorch's default are not written.
 *
 * @param loss PyTorch's name of the function
 * @param target null for softmax, log_softmax, logsumexp and sigmoid
 * @param reduction "none", "mean" or "sum"; null where the function has none
 */
record Case(
    String loss,
    Data input,
    Data target,
    Data weight,
    Data posWeight,
    String reduction,
    long ignoreIndex,
    float labelSmoothing) {

  static final long NO_IGNORE = -100;
  static final String[] REDUCTIONS = {"none", "mean", "sum"};

  static Case of(String loss, Data input, Data target, String reduction) {
    return new Case(loss, input, target, null, null, reduction, NO_IGNORE, 0);
  }

  Case weight(Data weight) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing);
  }

  Case posWeight(Data posWeight) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing);
  }

  Case ignoreIndex(long ignoreIndex) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing);
  }

  Case labelSmoothing(float labelSmoothing) {
    return new Case(
        loss, input, target, weight, posWeight, reduction, ignoreIndex, labelSmoothing);
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
    return reduction == null ? name.toString() : name.append('/').append(reduction).toString();
  }
}

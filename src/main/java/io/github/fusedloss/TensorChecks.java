package io.github.fusedloss;

import java.util.Arrays;

/** Checks of tensors; see {@link Checks}. */
final class TensorChecks {
  private TensorChecks() {}

  /** Returns a weight, which must be a float32 tensor, or null for none. */
  static Tensor weight(String name, Object weight) {
    if (weight != null && !(weight instanceof Tensor)) {
      throw new IllegalArgumentException(name + " must be a tensor, got " + weight);
    }
    Tensor tensor = (Tensor) weight;
    if (tensor != null) {
      type(name, tensor, ElementType.FLOAT32);
    }
    return tensor;
  }

  static void tensor(String name, Tensor tensor) {
    if (tensor == null) {
      throw new IllegalArgumentException(name + " must be a tensor, got null");
    }
  }

  static void type(String name, Tensor tensor, ElementType expected) {
    tensor(name, tensor);
    if (tensor.type() != expected) {
      throw new IllegalArgumentException(
          name + " must be " + Checks.text(expected) + ", got " + Checks.text(tensor.type()));
    }
  }

  static void floating(String name, Tensor tensor) {
    tensor(name, tensor);
    if (!tensor.type().isFloating()) {
      throw new IllegalArgumentException(
          name + " must be float32, float16 or bfloat16, got " + Checks.text(tensor.type()));
    }
  }

  /** Checks that an operand beside an input is float32, or of the input's own type. */
  static void floatingLike(String name, Tensor tensor, Tensor input, String advice) {
    if (tensor.type() != ElementType.FLOAT32 && tensor.type() != input.type()) {
      throw new IllegalArgumentException(
          name
              + " must be float32"
              + (input.type() == ElementType.FLOAT32 ? "" : " or " + Checks.text(input.type()))
              + ", got "
              + Checks.text(tensor.type())
              + advice);
    }
  }

  static void sameShape(String name, Tensor tensor, String likeName, Tensor like) {
    if (!Arrays.equals(tensor.dimensions(), like.dimensions())) {
      throw new IllegalArgumentException(
          name
              + " must have the shape of the "
              + likeName
              + ", "
              + Shapes.text(like.dimensions())
              + ", got "
              + Shapes.text(tensor.dimensions())
              + Advice.shape(name, tensor.dimensions(), like.dimensions()));
    }
  }

  /** Checks that a bias of the logits has one element for each class. */
  static void logitBias(Tensor bias, ClassAxis axis) {
    if (bias != null && (bias.rank() != 1 || bias.size() != axis.classes())) {
      throw new IllegalArgumentException(
          "logitBias must have one element per class, ("
              + axis.classes()
              + ",), got "
              + Shapes.text(bias.dimensions()));
    }
  }
}

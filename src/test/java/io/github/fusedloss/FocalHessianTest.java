package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.ReferenceFocalRows;
import io.github.fusedloss.reference.ReferenceHessian;
import io.github.fusedloss.reference.Ulp;
import java.util.Random;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Second derivatives of softmax focal loss, on plain Java: {@link HessianBitsTest} says that all
 * executors give the same.
 */
@Tag("once") // No executor but plain Java computes here.
class FocalHessianTest {
  private static final FusedLoss FUSED = FusedLoss.open("cpu:scalar");
  private static final SoftmaxFocalLoss SUM = SoftmaxFocalLoss.DEFAULT.withReduction(Reduction.SUM);

  /** None, a root, the least with a finite slope of its power, the usual one, a large one. */
  private static final float[] GAMMAS = {0, 0.5f, 1, 2, 5};

  @AfterAll
  static void close() {
    FUSED.close();
  }

  private static float[] hessian(Loss loss, float[] x, int y) {
    Tensor input = Tensor.of(x, 1, x.length);
    Tensor target = Tensor.of(new int[] {y}, 1);
    try (LossResult result = FUSED.forwardGradientAndHessian(loss, input, target, Hessian.EXACT)) {
      return result.hessian().toFloatArray();
    }
  }

  /** Returns the terms that {@code Promise.FOCAL_ROW_HESSIAN} defines, without weights. */
  private static double[] terms(float[] x, int y, double gamma) {
    double[] terms = ReferenceHessian.crossEntropy(Expect.doubles(x), 1);
    double[] p = new double[x.length];
    Dfp[] exact = DfpRows.softmax(x);
    double others = 0;
    for (int c = 0; c < x.length; c++) {
      p[c] = exact[c].toDouble();
      others += c == y ? 0 : p[c];
    }
    if (others == 0) {
      return terms;
    }
    double ratio = DfpRows.logSoftmax(x)[y].negate().toDouble() / others;
    double bend = gamma * p[y] * (ratio * (1 + gamma * p[y]) + 2);
    for (int c = 0; c < x.length; c++) {
      terms[c] *= 1 + gamma * p[y] * ratio;
      terms[c] += bend * (c == y ? others : p[c] * (p[c] / others));
      terms[c] *= Math.pow(others, gamma) * (1 + gamma);
    }
    return terms;
  }

  private static void near(float[] x, int y, float gamma) {
    Dfp[] exact = DfpRows.softmaxFocalHessian(x, y, gamma);
    float[] actual = hessian(SUM.withGamma(gamma), x, y);
    double[] terms = terms(x, y, gamma);
    for (int c = 0; c < x.length; c++) {
      double off = Math.abs(actual[c] - exact[c].toDouble());
      double limit = 2 * 0x1p-22 * terms[c] + 0x1p-140;
      String what = c + " of " + x.length + ", target " + y + ", gamma " + gamma;
      assertTrue(off <= limit, what + ": " + actual[c] + " is not " + exact[c].toDouble());
    }
  }

  /** The limit is that of {@code Promise}. Rows in order and in lanes. */
  @Test
  void isNearTheExactOne() {
    Random random = new Random(1);
    for (int classes : new int[] {2, 3, 10, 65}) {
      for (double scale : new double[] {1, 8, 25}) {
        for (float gamma : GAMMAS) {
          float[] x = Numbers.normal(random, classes, scale);
          near(x, random.nextInt(classes), gamma);
          x[0] = (float) (6 * scale); // likely, or the target is not
          near(x, 0, gamma);
          near(x, classes - 1, gamma);
        }
      }
    }
  }

  /** O is far below where the next power of it would be infinite, or 0 times that. */
  @Test
  void aTargetThatIsAlmostCertain() {
    for (float gamma : new float[] {0, 1e-3f, 0.1f, 0.5f, 1, 1.5f, 2}) {
      for (float far : new float[] {20, 60, 84}) {
        near(new float[] {far, 0, -1}, 0, gamma);
      }
      for (float v : hessian(SUM.withGamma(gamma), new float[] {150, 0, -1}, 0)) {
        assertEquals(0f, v);
      }
    }
  }

  @Test
  void aTargetThatIsNot() {
    for (float gamma : GAMMAS) {
      for (float far : new float[] {20, 60, 84}) {
        near(new float[] {-far, 0, -1}, 0, gamma);
        near(new float[] {-far, 0, -200}, 0, gamma);
      }
    }
  }

  /** Two blocks, and what is likely in one of them; few logits, so that the judge is quick. */
  @Test
  void rowsOfTwoBlocks() {
    float[] x = new float[4100];
    for (int c = 0; c < x.length; c++) {
      x[c] = c * 7 % 11;
    }
    x[4098] = 18;
    near(x, 4098, 2);
    near(x, 7, 0.5f);
  }

  /** To the bit. */
  @Test
  void gammaOfZeroIsCrossEntropy() {
    Random random = new Random(3);
    for (int classes : new int[] {1, 2, 10, 200, 4100}) {
      for (double scale : new double[] {1, 30}) {
        float[] x = Numbers.normal(random, classes, scale);
        x[0] = (float) (4 * scale);
        float[] w = Numbers.unit(random, classes);
        Tensor weight = Tensor.of(w, classes);
        for (int y : new int[] {0, classes - 1}) {
          float[] focal = hessian(SUM.withGamma(0).withWeight(weight), x, y);
          CrossEntropy plain = CrossEntropy.DEFAULT.withWeight(weight);
          float[] expected = hessian(plain.withReduction(Reduction.SUM), x, y);
          assertArrayEquals(Bits.of(expected), Bits.of(focal));
        }
      }
    }
  }

  /** The gradient at x + ih, by its definition in complex numbers: an oracle beside the two. */
  private static double complexStep(double[] x, int y, int c, double gamma) {
    double h = 1e-100;
    Complex total = Complex.ZERO;
    Complex own = null;
    Complex at = null;
    for (int k = 0; k < x.length; k++) {
      Complex e = new Complex(x[k], k == c ? h : 0).exp();
      total = total.add(e);
      own = k == y ? e : own;
      at = k == c ? e : at;
    }
    Complex p = own.divide(total);
    Complex others = Complex.ONE.subtract(p);
    Complex tilt = p.multiply(gamma).multiply(others.pow(gamma - 1)).multiply(p.log());
    Complex factor = others.pow(gamma).subtract(tilt);
    return at.divide(total).subtract(c == y ? 1 : 0).multiply(factor).getImaginary() / h;
  }

  @Test
  void oraclesAgree() {
    Random random = new Random(4);
    for (float gamma : GAMMAS) {
      float[] x = Numbers.normal(random, 4, 2);
      int y = random.nextInt(4);
      Dfp[] judge = DfpRows.softmaxFocalHessian(x, y, gamma);
      double[] reference = ReferenceFocalRows.hessian(Expect.doubles(x), y, gamma);
      double[] size = terms(x, y, gamma);
      for (int c = 0; c < x.length; c++) {
        double exact = judge[c].toDouble();
        assertEquals(exact, reference[c], 1e-13 * size[c]);
        assertEquals(exact, complexStep(Expect.doubles(x), y, c, gamma), 1e-11 * size[c]);
      }
    }
  }

  /** Row weights, class weights and the mean's denominator are factors. */
  @Test
  void factorsAreThoseOfTheGradient() {
    Tensor x = Tensor.of(new float[] {1, 0, 0, 2, 0.5f, 0.5f, Float.NaN, 9}, 4, 2);
    Target y = Target.of(Tensor.of(new int[] {0, 1, 0, 1}, 4));
    y = y.rowWeights(Tensor.of(new float[] {2, 1, 1, 0}, 4));
    SoftmaxFocalLoss weighted = SUM.withWeight(Tensor.of(new float[] {2, 1}, 2));
    float[] plain = hessian(SUM, new float[] {1, 0}, 0);
    try (LossResult sum = FUSED.forwardGradientAndHessian(weighted, x, y, Hessian.EXACT);
        LossResult mean =
            FUSED.forwardGradientAndHessian(
                weighted.withReduction(Reduction.MEAN), x, y, Hessian.EXACT)) {
      float[] sums = sum.hessian().toFloatArray();
      float[] means = mean.hessian().toFloatArray();
      for (int i = 0; i < 2; i++) {
        assertEquals(4 * plain[i], sums[i], 2 * Math.ulp(sums[i]));
      }
      for (int i = 0; i < 6; i++) {
        assertTrue(Ulp.distance(means[i], sums[i] / 7.0) <= 2, "2 * 2 + 1 + 2 * 1 is 7");
      }
      for (int i = 6; i < 8; i++) {
        assertEquals(0, Float.floatToRawIntBits(sums[i]), "a row that is ignored");
      }
    }
  }
}

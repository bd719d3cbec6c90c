package io.github.fusedloss.generator;

import static io.github.fusedloss.generator.Type.FLOAT;
import static io.github.fusedloss.generator.Type.INT;
import static io.github.fusedloss.generator.Type.MASK;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import com.sun.source.tree.Tree.Kind;
import java.util.Arrays;

/**
 * Everything that is done to values, and how Java writes it: plain, and with the Vector API (null:
 * not at all). All values are 32 bits: floats as their bits, masks as 0 or 1. No kernel has MIN and
 * MAX, which are Java's: {@link Graph} makes them of choices.
 */
enum Op {
  ADD(Kind.PLUS, FLOAT, FLOAT, "a + b", "a.add(b)"),
  SUB(Kind.MINUS, FLOAT, FLOAT, "a - b", "a.sub(b)"),
  MUL(Kind.MULTIPLY, FLOAT, FLOAT, "a * b", "a.mul(b)"),
  FMA(null, FLOAT, FLOAT, "fma(a, b, c)", "a.fma(b, c)"),
  NEG(null, FLOAT, FLOAT, "-a", "a.neg()"),
  ABS(null, FLOAT, FLOAT, "abs(a)", "a.abs()"),
  MIN(null, FLOAT, FLOAT, "min(a, b)", "a.min(b)"),
  MAX(null, FLOAT, FLOAT, "max(a, b)", "a.max(b)"),
  LT(Kind.LESS_THAN, FLOAT, MASK, "a < b", "a.compare(LT, b)"),
  LE(Kind.LESS_THAN_EQUAL, FLOAT, MASK, "a <= b", "a.compare(LE, b)"),
  GT(Kind.GREATER_THAN, FLOAT, MASK, "a > b", "a.compare(GT, b)"),
  GE(Kind.GREATER_THAN_EQUAL, FLOAT, MASK, "a >= b", "a.compare(GE, b)"),
  EQ(Kind.EQUAL_TO, FLOAT, MASK, "a == b", "a.compare(EQ, b)"),
  NE(Kind.NOT_EQUAL_TO, FLOAT, MASK, "a != b", "a.compare(NE, b)"),
  SELECT(null, FLOAT, FLOAT, "a ? b : c", "c.blend(b, a)"),
  FLOAT_OF_BITS(null, INT, FLOAT, "intBitsToFloat(a)", "a.reinterpretAsFloats()"),
  FLOAT_OF_INT(null, INT, FLOAT, "(float) a", "(FloatVector) a.convert(I2F, 0)"),
  BITS(null, FLOAT, INT, "floatToRawIntBits(a)", "a.reinterpretAsInts()"),
  INT_OF_FLOAT(null, FLOAT, INT, "(int) a", null),
  INT_ADD(Kind.PLUS, INT, INT, "a + b", "a.add(b)"),
  INT_SUB(Kind.MINUS, INT, INT, "a - b", "a.sub(b)"),
  INT_AND(Kind.AND, INT, INT, "a & b", "a.and(b)"),
  INT_OR(Kind.OR, INT, INT, "a | b", "a.or(b)"),
  SHIFT_LEFT(Kind.LEFT_SHIFT, INT, INT, "a << b", "a.lanewise(LSHL, b)"),
  SHIFT_RIGHT(Kind.RIGHT_SHIFT, INT, INT, "a >> b", "a.lanewise(ASHR, b)"),
  SHIFT_RIGHT_UNSIGNED(null, INT, INT, "a >>> b", "a.lanewise(LSHR, b)"),
  INT_EQ(Kind.EQUAL_TO, INT, MASK, "a == b", null),
  MASK_AND(Kind.CONDITIONAL_AND, MASK, MASK, "a & b", "a.and(b)"),
  MASK_OR(Kind.CONDITIONAL_OR, MASK, MASK, "a | b", "a.or(b)"),
  MASK_NOT(null, MASK, MASK, "!a", "a.not()");

  private final Kind kind;
  final Type argument;
  final Type type;
  final String java;
  final String vectors;

  /**
   * What the parser calls it, or null; types of its arguments (of a choice, the last two) and
   * result; texts of a, b and c.
   */
  Op(Kind kind, Type argument, Type type, String java, String vectors) {
    this.kind = kind;
    this.argument = argument;
    this.type = type;
    this.java = java;
    this.vectors = vectors;
  }

  /** The operation that a kernel means, or null. */
  static Op binary(Kind kind, Type type) {
    if (type == Type.UINT) {
      return kind == Kind.RIGHT_SHIFT ? SHIFT_RIGHT_UNSIGNED : binary(kind, INT);
    }
    return Arrays.stream(values())
        .filter(op -> op.kind == kind && op.argument == type)
        .findFirst()
        .orElse(null);
  }

  /** Whether Java writes it as a call. */
  boolean isCall() {
    return java.matches("\\w+\\(.*");
  }

  private static int of(float v) {
    return floatToRawIntBits(v);
  }

  private static int of(boolean v) {
    return v ? 1 : 0;
  }

  /** The result's bits; arguments that the operation does not have are of no consequence. */
  int evaluate(int i, int j, int k) {
    float a = intBitsToFloat(i);
    float b = intBitsToFloat(j);
    return switch (this) {
      case ADD -> of(a + b);
      case SUB -> of(a - b);
      case MUL -> of(a * b);
      case FMA -> of(Math.fma(a, b, intBitsToFloat(k)));
      case NEG -> i ^ 0x80000000;
      case ABS -> i & 0x7fffffff;
      case MIN -> of(Math.min(a, b));
      case MAX -> of(Math.max(a, b));
      case LT -> of(a < b);
      case LE -> of(a <= b);
      case GT -> of(a > b);
      case GE -> of(a >= b);
      case EQ -> of(a == b);
      case NE -> of(a != b);
      case SELECT -> i != 0 ? j : k;
      case FLOAT_OF_BITS, BITS -> i;
      case FLOAT_OF_INT -> of((float) i);
      case INT_OF_FLOAT -> (int) a;
      case INT_ADD -> i + j;
      case INT_SUB -> i - j;
      case INT_AND, MASK_AND -> i & j;
      case INT_OR, MASK_OR -> i | j;
      case SHIFT_LEFT -> i << j;
      case SHIFT_RIGHT -> i >> j;
      case SHIFT_RIGHT_UNSIGNED -> i >>> j;
      case INT_EQ -> of(i == j);
      case MASK_NOT -> i ^ 1;
    };
  }
}

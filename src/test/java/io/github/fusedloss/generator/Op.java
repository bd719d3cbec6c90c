package io.github.fusedloss.generator;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

/**
 * Everything that is done to values. All values are 32 bits: floats as their bits, masks as 0 or 1.
 * MIN and MAX are Java's; no kernel has them, {@link Graph} makes them of choices.
 */
enum Op {
  ADD(Kind.FLOAT),
  SUB(Kind.FLOAT),
  MUL(Kind.FLOAT),
  FMA(Kind.FLOAT),
  NEG(Kind.FLOAT),
  ABS(Kind.FLOAT),
  MIN(Kind.FLOAT),
  MAX(Kind.FLOAT),
  LT(Kind.MASK),
  LE(Kind.MASK),
  GT(Kind.MASK),
  GE(Kind.MASK),
  EQ(Kind.MASK),
  NE(Kind.MASK),
  SELECT(Kind.FLOAT),
  FLOAT_OF_BITS(Kind.FLOAT),
  FLOAT_OF_INT(Kind.FLOAT),
  BITS(Kind.INT),
  INT_OF_FLOAT(Kind.INT),
  INT_ADD(Kind.INT),
  INT_SUB(Kind.INT),
  INT_AND(Kind.INT),
  INT_OR(Kind.INT),
  INT_XOR(Kind.INT),
  SHIFT_LEFT(Kind.INT),
  SHIFT_RIGHT(Kind.INT),
  SHIFT_RIGHT_UNSIGNED(Kind.INT),
  INT_EQ(Kind.MASK),
  INT_SELECT(Kind.INT),
  MASK_AND(Kind.MASK),
  MASK_OR(Kind.MASK),
  MASK_NOT(Kind.MASK),
  MASK_SELECT(Kind.MASK);

  enum Kind {
    FLOAT,
    INT,
    MASK
  }

  final Kind type;

  Op(Kind type) {
    this.type = type;
  }

  /** The operation of this sign in a kernel, or null. */
  static Op binary(String sign, Evaluator.Type of) {
    return switch (of) {
      case FLOAT ->
          switch (sign) {
            case "+" -> ADD;
            case "-" -> SUB;
            case "*" -> MUL;
            case "<" -> LT;
            case "<=" -> LE;
            case ">" -> GT;
            case ">=" -> GE;
            case "==" -> EQ;
            case "!=" -> NE;
            default -> null;
          };
      case MASK ->
          switch (sign) {
            case "&&", "&" -> MASK_AND;
            case "||", "|" -> MASK_OR;
            default -> null;
          };
      default ->
          switch (sign) {
            case "+" -> INT_ADD;
            case "-" -> INT_SUB;
            case "&" -> INT_AND;
            case "|" -> INT_OR;
            case "^" -> INT_XOR;
            case "<<" -> SHIFT_LEFT;
            case ">>" -> of == Evaluator.Type.INT ? SHIFT_RIGHT : SHIFT_RIGHT_UNSIGNED;
            case "==" -> INT_EQ;
            default -> null;
          };
    };
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
      case SELECT, INT_SELECT, MASK_SELECT -> i != 0 ? j : k;
      case FLOAT_OF_BITS, BITS -> i;
      case FLOAT_OF_INT -> of((float) i);
      case INT_OF_FLOAT -> (int) a;
      case INT_ADD -> i + j;
      case INT_SUB -> i - j;
      case INT_AND, MASK_AND -> i & j;
      case INT_OR, MASK_OR -> i | j;
      case INT_XOR -> i ^ j;
      case SHIFT_LEFT -> i << j;
      case SHIFT_RIGHT -> i >> j;
      case SHIFT_RIGHT_UNSIGNED -> i >>> j;
      case INT_EQ -> of(i == j);
      case MASK_NOT -> i ^ 1;
    };
  }
}

package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SHORTS;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.S2I;

import io.github.fusedloss.ElementType;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;

/**
 * Reads and writes 16-bit storage, in whole vectors; kernels/storage.cl does it on a device. It
 * uses passes, because the code that reads and writes rows is compiled together with what is called
 * here, see {@link VectorPasses}.
 */
final class VectorStorage {
  private VectorStorage() {}

  private record Piece(float[] floats, int at, short[] bits, int bitsAt) {}

  private static final VectorPasses<Piece> FROM_BFLOAT16 =
      new VectorPasses<>(VectorStorage::decodeBfloat16);
  private static final VectorPasses<Piece> FROM_FLOAT16 =
      new VectorPasses<>(VectorStorage::decodeFloat16);
  private static final VectorPasses<Piece> TO_BFLOAT16 =
      new VectorPasses<>(VectorStorage::encodeBfloat16);
  private static final VectorPasses<Piece> TO_FLOAT16 =
      new VectorPasses<>(VectorStorage::encodeFloat16);

  /** Does {@link ElementType#decode} for n numbers, a multiple of the vectors' length. */
  static void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    boolean wide = type == ElementType.BFLOAT16;
    (wide ? FROM_BFLOAT16 : FROM_FLOAT16).whole(new Piece(to, toAt, from, at), null, n);
  }

  /** Does {@link ElementType#encode} for n numbers, a multiple of the vectors' length. */
  static void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    boolean wide = type == ElementType.BFLOAT16;
    (wide ? TO_BFLOAT16 : TO_FLOAT16).whole(new Piece(from, at, to, toAt), null, n);
  }

  private static void decodeBfloat16(Piece p, Lanes lanes, int start, int n) {
    float[] to = p.floats;
    short[] from = p.bits;
    int toAt = p.at;
    int at = p.bitsAt;
    for (int i = start; i < start + n; i += LENGTH) {
      ShortVector half = ShortVector.fromArray(SHORTS, from, at + i);
      IntVector bits = (IntVector) half.convertShape(S2I, INTS, 0);
      bits.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(to, toAt + i);
    }
  }

  private static void decodeFloat16(Piece p, Lanes lanes, int start, int n) {
    float[] to = p.floats;
    short[] from = p.bits;
    int toAt = p.at;
    int at = p.bitsAt;
    for (int i = start; i < start + n; i += LENGTH) {
      ShortVector half = ShortVector.fromArray(SHORTS, from, at + i);
      IntVector bits = (IntVector) half.convertShape(S2I, INTS, 0);
      IntVector m = bits.and(0x7fff).lanewise(LSHL, 13);
      IntVector finite = m.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
      IntVector value = m.or(0x7f800000).blend(finite, m.compare(LT, 0x7c00 << 13));
      // The conversion has extended the sign to 32 bits.
      value = value.or(bits.and(Integer.MIN_VALUE));
      value.reinterpretAsFloats().intoArray(to, toAt + i);
    }
  }

  private static void encodeBfloat16(Piece p, Lanes lanes, int start, int n) {
    float[] from = p.floats;
    short[] to = p.bits;
    int at = p.at;
    int toAt = p.bitsAt;
    IntVector nan = IntVector.broadcast(INTS, 0x7fc0);
    for (int i = start; i < start + n; i += LENGTH) {
      IntVector bits = fromArray(SPECIES, from, at + i).reinterpretAsInts();
      IntVector odd = bits.lanewise(LSHR, 16).and(1);
      IntVector rounded = bits.add(odd).add(0x7fff).lanewise(LSHR, 16);
      VectorMask<Integer> number = bits.and(Integer.MAX_VALUE).compare(LE, 0x7f800000);
      ShortVector half = (ShortVector) nan.blend(rounded, number).convertShape(I2S, SHORTS, 0);
      half.intoArray(to, toAt + i);
    }
  }

  private static void encodeFloat16(Piece p, Lanes lanes, int start, int n) {
    float[] from = p.floats;
    short[] to = p.bits;
    int at = p.at;
    int toAt = p.bitsAt;
    IntVector nan = IntVector.broadcast(INTS, 0x7e00);
    for (int i = start; i < start + n; i += LENGTH) {
      IntVector bits = fromArray(SPECIES, from, at + i).reinterpretAsInts();
      IntVector m = bits.and(Integer.MAX_VALUE);
      IntVector odd = m.lanewise(LSHR, 13).and(1);
      IntVector rounded = m.add(odd).add(0xfff - 0x38000000).lanewise(LSHR, 13);
      IntVector small = m.reinterpretAsFloats().add(0.5f).reinterpretAsInts().sub(0x3f000000);
      rounded = rounded.blend(small, m.compare(LT, 0x38800000));
      rounded = rounded.blend(0x7c00, m.compare(GE, 0x47800000));
      rounded = rounded.or(bits.lanewise(LSHR, 16).and(0x8000));
      rounded = nan.blend(rounded, m.compare(LE, 0x7f800000));
      ((ShortVector) rounded.convertShape(I2S, SHORTS, 0)).intoArray(to, toAt + i);
    }
  }
}

package io.github.fusedloss.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntToLongFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files written from the definitions of their formats: {@link #logit} and {@link #target}. */
final class EvaluationFiles {
  static final int ROWS = 8;
  static final int CLASSES = 4;

  private EvaluationFiles() {}

  static float logit(int row, int c) {
    return (row * 5 + c * 3) % 7 - 2.5f;
  }

  static int target(int row) {
    return row == 6 ? 0 : row * 3 % CLASSES;
  }

  /** A .npy file of numbers given by their bits. */
  static byte[] npy(
      String descr, boolean fortran, String shape, int size, int count, IntToLongFunction bits) {
    String header =
        "{'descr': '"
            + descr
            + "', 'fortran_order': "
            + (fortran ? "True" : "False")
            + ", 'shape': "
            + shape
            + ", }\n";
    ByteBuffer file =
        ByteBuffer.allocate(10 + header.length() + count * size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < count; i++) {
      for (int b = 0; b < size; b++) {
        int place = descr.startsWith(">") ? size - 1 - b : b;
        file.put((byte) (bits.applyAsLong(i) >> 8 * place));
      }
    }
    return file.array();
  }

  static byte[] logits(String descr, boolean fortran, int from, int count) {
    int size = descr.charAt(2) - '0';
    return npy(
        descr,
        fortran,
        "(" + count + "L, 4L)", // as Python 2 wrote it
        size,
        count * CLASSES,
        i -> {
          int row = from + (fortran ? i % count : i / CLASSES);
          float value = logit(row, fortran ? i / count : i % CLASSES);
          int bits = Float.floatToRawIntBits(value);
          return switch (descr.substring(1)) {
            case "f2" -> half(value);
            case "V2" -> bits >> 16;
            case "f8" -> Double.doubleToRawLongBits(value);
            default -> bits;
          };
        });
  }

  /** Numbers of few digits and small exponents: the exponent is moved, the rest cut off. */
  private static long half(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits >> 16 & 0x8000 | (bits & 0x7fffffff) - (112 << 23) >> 13;
  }

  static byte[] targets(String descr, int from, int count) {
    return npy(
        descr, false, "(" + count + ",)", descr.charAt(2) - '0', count, i -> target(from + i));
  }

  static byte[] zip(boolean compressed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(compressed ? 9 : 0);
      zip.putNextEntry(new ZipEntry("logits.npy"));
      zip.write(logits("<f4", compressed, 0, ROWS));
      zip.putNextEntry(new ZipEntry("labels.npy"));
      zip.write(targets("<u2", 0, ROWS));
    }
    return bytes.toByteArray();
  }

  static byte[] safetensors() {
    String json =
        "{\"logits\":{\"dtype\":\"BF16\",\"shape\":[8,4],\"data_offsets\":[0,64]},"
            + "\"labels\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[64,72]}}";
    ByteBuffer file = ByteBuffer.allocate(8 + json.length() + 72).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length()).put(json.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < ROWS * CLASSES; i++) {
      float value = logit(i / CLASSES, i % CLASSES);
      file.putShort((short) (Float.floatToRawIntBits(value) >> 16));
    }
    for (int r = 0; r < ROWS; r++) {
      file.put((byte) target(r));
    }
    return file.array();
  }
}

package io.github.fusedloss.cli;

import io.github.fusedloss.io.ArrayFile;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.StoredArray;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Arrays in files, which follow each other along the first axis. Rows are read in order, and one
 * file is open at a time, however many there are.
 */
final class DataSet implements AutoCloseable {
  /** The kinds of numbers that files may hold. */
  enum Kind {
    FLOATING("floating-point"),
    /** Integers without truth values, which a loss does not accept as classes either. */
    INTEGERS("integers"),
    INTEGERS_OR_TRUTH("integers");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    private boolean has(NpyType type) {
      return this == FLOATING
          ? type.isFloating()
          : !type.isFloating() && (this == INTEGERS_OR_TRUTH || type != NpyType.B1);
    }
  }

  /** One file of the set, with its type and shape. */
  private record Shard(FileName file, NpyType type, long[] shape) {
    long rows() {
      return shape[0];
    }

    long[] row() {
      return Arrays.stream(shape).skip(1).toArray();
    }

    boolean isOf(StoredArray array) {
      return type == array.type() && Arrays.equals(shape, array.shape());
    }
  }

  private final String flag;
  private final Kind kind;
  private final String cure;
  private final List<Shard> shards = new ArrayList<>();
  private final long rows;
  private int shard;
  private long read;
  private StoredArray open; // null: the shard has not been begun

  /**
   * Looks at the types and shapes of the files.
   *
   * @param cure what a message about a file of another type says to do
   */
  DataSet(String flag, List<String> names, Kind kind, String cure) {
    this.flag = flag;
    this.kind = kind;
    this.cure = cure;
    long sum = 0;
    for (String name : names) {
      FileName file = FileName.of(flag.substring(2), flag, name);
      if (name.startsWith("-") && !Files.exists(file.path())) {
        throw Failure.input("Unknown option: '" + name + "'"); // Taken for one file more.
      }
      try (StoredArray array = ArrayFile.open(file.path())) {
        Shard found = new Shard(file, array.type(), array.shape());
        check(found);
        shards.add(found);
        sum += found.rows();
      } catch (IOException e) {
        throw Failure.input(e.getMessage());
      }
    }
    rows = sum;
  }

  private void check(Shard found) {
    FileName file = found.file;
    if (!kind.has(found.type)) {
      throw Failure.input(
          file.typed()
              + ": "
              + flag
              + " must be "
              + kind.words
              + ", got "
              + found.type.descr()
              + cure);
    }
    if (found.shape.length == 0) {
      throw Failure.input(file.typed() + ": " + flag + " must have rows, got one number");
    }
    Shard first = shards.isEmpty() ? found : shards.get(0);
    if (!Arrays.equals(first.row(), found.row())) {
      throw Failure.input(
          file.typed()
              + ": "
              + flag
              + " must have rows of shape "
              + StoredArray.text(first.row())
              + " as "
              + first.file.typed()
              + " has, got "
              + StoredArray.text(found.row()));
    }
  }

  /** Returns the flag that the set was given with. */
  String flag() {
    return flag;
  }

  /** Returns the shape of all files together. */
  long[] shape() {
    long[] shape = shards.get(0).shape.clone();
    shape[0] = rows;
    return shape;
  }

  /** The file that is being read. */
  FileName file() {
    return shards.get(shard).file;
  }

  /** Returns the shape of the file that is being read. */
  long[] fileShape() {
    return shards.get(shard).shape.clone();
  }

  /** Returns the place in that file of the element that is read next, in C order. */
  long position() {
    return read * rowLength();
  }

  private long rowLength() {
    return Arrays.stream(shards.get(0).row()).reduce(1, (a, b) -> a * b);
  }

  /** Returns how many bytes all rows take in the files. */
  long bytes() {
    return shards.stream().mapToLong(s -> s.rows() * rowLength() * s.type.bytes()).sum();
  }

  /** Returns whether some files are rounded to float32. */
  boolean converts() {
    return shards.stream().anyMatch(s -> s.type == NpyType.F8);
  }

  /** Returns how many of at most {@code most} rows the next call can read: those of one file. */
  int next(int most) {
    while (shard < shards.size() && read == shards.get(shard).rows()) {
      close();
      shard++;
      read = 0;
    }
    return shard == shards.size() ? 0 : (int) Math.min(most, shards.get(shard).rows() - read);
  }

  /** Reads the next rows. */
  float[] floats(int count) {
    return rows(count, StoredArray::floats);
  }

  /** Reads the next rows. */
  long[] longs(int count) {
    return rows(count, StoredArray::longs);
  }

  /** Reads some rows. */
  private interface Reader<T> {
    T read(StoredArray array, long from, int count) throws IOException;
  }

  private <T> T rows(int count, Reader<T> reader) {
    try {
      Shard now = shards.get(shard);
      if (open == null) {
        open = ArrayFile.open(now.file.path());
      }
      if (!now.isOf(open)) {
        throw Failure.input(now.file.typed() + ": " + flag + " must not change while it is read");
      }
      T values = reader.read(open, read, count);
      read += count;
      return values;
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // All that was needed has been read.
    }
    open = null;
  }
}

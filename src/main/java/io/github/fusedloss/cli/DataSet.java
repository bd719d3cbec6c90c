package io.github.fusedloss.cli;

import io.github.fusedloss.io.ArrayFile;
import io.github.fusedloss.io.NpyType;
import io.github.fusedloss.io.StoredArray;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Arrays in files, one behind the other along the first axis, of which rows are read in order. */
final class DataSet implements AutoCloseable {
  private final String flag;
  private final boolean floating;
  private final String cure;
  private final List<FileName> files = new ArrayList<>();
  private final List<StoredArray> shards = new ArrayList<>();
  private final long rows;
  private int shard;
  private long read;

  /**
   * Opens the files.
   *
   * @param floating whether it has to be of floating-point numbers; else of integers or truth
   *     values
   * @param cure what is said of files of another type
   */
  DataSet(String flag, List<String> names, boolean floating, String cure) {
    this.flag = flag;
    this.floating = floating;
    this.cure = cure;
    long sum = 0;
    try {
      for (String name : names) {
        FileName file = FileName.of(flag.substring(2), flag, name);
        if (name.startsWith("-") && !Files.exists(file.path())) {
          throw Failure.input("Unknown option: '" + name + "'"); // Taken for one file more.
        }
        files.add(file);
        StoredArray array = open(file);
        shards.add(array);
        check(file, array);
        sum += array.rows();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    rows = sum;
  }

  private static StoredArray open(FileName file) {
    try {
      return ArrayFile.open(file.path());
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    }
  }

  private void check(FileName file, StoredArray array) {
    if (array.type().isFloating() != floating) {
      throw Failure.input(
          file.typed()
              + ": "
              + flag
              + (floating ? " must be floating-point, got " : " must be integers, got ")
              + array.type().descr()
              + cure);
    }
    if (array.shape().length == 0) {
      throw Failure.input(file.typed() + ": " + flag + " must have rows, got one number");
    }
    long[] first = row(shards.get(0));
    if (!Arrays.equals(first, row(array))) {
      throw Failure.input(
          file.typed()
              + ": "
              + flag
              + " must have rows of shape "
              + StoredArray.text(first)
              + " as "
              + files.get(0).typed()
              + " has, got "
              + StoredArray.text(row(array)));
    }
  }

  private static long[] row(StoredArray array) {
    return Arrays.stream(array.shape()).skip(1).toArray();
  }

  /** What it was given with. */
  String flag() {
    return flag;
  }

  /** Of all together. */
  long[] shape() {
    long[] shape = shards.get(0).shape();
    shape[0] = rows;
    return shape;
  }

  /** The file that is being read. */
  FileName file() {
    return files.get(shard);
  }

  /** Its shape. */
  long[] fileShape() {
    return shards.get(shard).shape();
  }

  /** The place in it of the element that is read next, in C order. */
  long position() {
    return read * rowLength();
  }

  private long rowLength() {
    return Arrays.stream(row(shards.get(0))).reduce(1, (a, b) -> a * b);
  }

  /** Of all rows, in the files. */
  long bytes() {
    return shards.stream().mapToLong(s -> s.rows() * rowLength() * s.type().bytes()).sum();
  }

  /** Whether some are rounded to float32. */
  boolean converts() {
    return shards.stream().anyMatch(s -> s.type() == NpyType.F8);
  }

  /** How many of at most so many rows the next call can read: those of one file. */
  int next(int most) {
    while (shard < shards.size() && read == shards.get(shard).rows()) {
      shard++;
      read = 0;
    }
    return shard == shards.size() ? 0 : (int) Math.min(most, shards.get(shard).rows() - read);
  }

  /** The next rows. */
  float[] floats(int count) {
    try {
      float[] values = shards.get(shard).floats(read, count);
      read += count;
      return values;
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    }
  }

  /** The next rows. */
  long[] longs(int count) {
    try {
      long[] values = shards.get(shard).longs(read, count);
      read += count;
      return values;
    } catch (IOException e) {
      throw Failure.input(e.getMessage());
    }
  }

  @Override
  public void close() {
    for (StoredArray array : shards) {
      try {
        array.close();
      } catch (IOException e) {
        // What was to be read has been read.
      }
    }
  }
}

package io.github.fusedloss;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file as large as is wanted, of which next to nothing is on disk. */
public final class SparseFile {
  private SparseFile() {}

  /**
   * Makes it.
   *
   * @param start its first bytes
   * @param zeros how many bytes of 0 follow
   */
  public static void write(Path file, byte[] start, long zeros) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(start));
      if (zeros > 0) {
        channel.write(ByteBuffer.allocate(1), start.length + zeros - 1);
      }
    }
  }
}

package io.github.fusedloss.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Checksum;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A file of an archive as a channel that only goes forward. At its end the checksum in the archive
 * is compared, so that a flipped bit does not pass as a number.
 */
final class ForwardChannel implements SeekableByteChannel {
  private final ZipFile archive;
  private final ZipEntry file;
  private final Checksum checksum = new CRC32();
  private final InputStream stream;
  private final byte[] bytes = new byte[1 << 16];
  private long position;
  private boolean open = true;

  /** Opens a channel that closes the archive when it is closed. */
  ForwardChannel(ZipFile archive, ZipEntry file) throws IOException {
    this.archive = archive;
    this.file = file;
    stream = new CheckedInputStream(archive.getInputStream(file), checksum);
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int count = stream.read(bytes, 0, Math.min(bytes.length, to.remaining()));
    if (count > 0) {
      to.put(bytes, 0, count);
      moved(count);
    }
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long wanted) throws IOException {
    if (wanted < position) {
      throw new IOException("an archive is read forward only");
    }
    try {
      stream.skipNBytes(wanted - position);
    } catch (EOFException e) {
      throw new EOFException("the archive ends early");
    }
    moved(wanted - position);
    return this;
  }

  private void moved(long count) throws IOException {
    position += count;
    if (count > 0 && position == size() && checksum.getValue() != file.getCrc()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "the archive is damaged: %s has CRC-32 %08x, expected %08x",
              file.getName(),
              checksum.getValue(),
              file.getCrc()));
    }
  }

  @Override
  public long size() {
    return file.getSize();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    archive.close();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long length) {
    throw new NonWritableChannelException();
  }
}

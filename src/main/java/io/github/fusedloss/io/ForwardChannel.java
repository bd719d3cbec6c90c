package io.github.fusedloss.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A stream of known length as a channel that goes forward only. */
final class ForwardChannel implements SeekableByteChannel {
  private final InputStream stream;
  private final long size;
  private final Closeable owner;
  private final byte[] bytes = new byte[1 << 16];
  private long position;
  private boolean open = true;

  /**
   * A channel.
   *
   * @param owner closed with it, and the stream with that
   */
  ForwardChannel(InputStream stream, long size, Closeable owner) {
    this.stream = stream;
    this.size = size;
    this.owner = owner;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int count = stream.read(bytes, 0, Math.min(bytes.length, to.remaining()));
    if (count > 0) {
      to.put(bytes, 0, count);
      position += count;
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
    position = wanted;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    owner.close();
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

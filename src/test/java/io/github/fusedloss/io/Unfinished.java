package io.github.fusedloss.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Begins a file beside the first argument, says so, and waits for a signal. */
final class Unfinished {
  private Unfinished() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (TemporaryFile file = new TemporaryFile(Path.of(args[0]))) {
      file.channel().write(ByteBuffer.wrap(new byte[1000]));
      System.out.println("begun");
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}

package io.github.fusedloss.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.UUID;

/**
 * A file that is written beside its target, and then moved to it or removed. It is also removed if
 * the JVM ends meanwhile, by a signal such as SIGTERM or by {@link System#exit}.
 *
 * <p>There is a shutdown hook for each file, and not one for all, which would keep this class's
 * loader alive.
 */
final class TemporaryFile implements AutoCloseable {
  private final Path target;
  private final Path path;
  private final Thread hook;
  private FileChannel channel;
  // If the JVM ends, or the file has been moved, nothing may be created, moved or removed any more.
  private boolean over;

  /** Creates the file, with the permissions of the file at the target. */
  TemporaryFile(Path target) throws IOException {
    this.target = target;
    // The length of its name does not depend on the target's name, which may be as long as names
    // can be.
    path = target.resolveSibling(".fusedloss-" + UUID.randomUUID() + ".tmp");
    hook = new Thread(this::abandon, "fusedloss-temporary-file");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      throw ending();
    }
    try {
      create();
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  private static IOException ending() {
    return new IOException("the JVM is ending");
  }

  private synchronized void create() throws IOException {
    if (over) {
      throw ending();
    }
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (Files.exists(target)) {
      copyPermissions(target, path);
    }
  }

  private static void copyPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes attributes = view.readAttributes();
    PosixFileAttributeView mine = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    try {
      mine.setGroup(attributes.group());
      mine.setOwner(attributes.owner());
    } catch (IOException e) {
      // Only root may give files away. Otherwise a replaced file belongs to the user who replaced
      // it.
    }
    mine.setPermissions(attributes.permissions());
  }

  FileChannel channel() {
    return channel;
  }

  /** Moves the file to its target. */
  synchronized void move() throws IOException {
    if (over) {
      throw ending();
    }
    channel.close();
    try {
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
    }
    over = true;
  }

  /**
   * Removes the file when the JVM ends. Another thread may still be writing; what it writes then is
   * lost.
   */
  private synchronized void abandon() {
    try {
      remove();
    } catch (IOException e) {
      // Nobody is left to be told.
    }
  }

  private void remove() throws IOException {
    if (!over) {
      over = true;
      Files.deleteIfExists(path);
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Removes the file unless it has been moved. */
  @Override
  public synchronized void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook has run, or will run.
    }
    try {
      remove();
    } finally {
      if (channel != null) {
        channel.close();
      }
    }
  }
}

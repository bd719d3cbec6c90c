package io.github.fusedloss.cli;

import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.CrossEntropyTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Evaluates the rows of data sets with several threads: one reads while the others compute. Each
 * has a summary of its own. Merged, they are the same whichever thread got which rows.
 */
final class EvaluationRows {
  /** How many logits are read at a time: 2 MiB as floats, which caches hold. */
  private static final long PIECE = 1 << 19;

  private static final int MOST_THREADS = 4;

  private final CrossEntropy loss;
  private final int axis;
  private final EvaluationInput files;
  private final Progress progress;
  private final long[] shape;
  private final int step;
  private long done;
  private boolean failed;

  /** Evaluates sets whose shapes fit; {@code axis} is that of the classes. */
  EvaluationRows(CrossEntropy loss, int axis, EvaluationInput files, Progress progress) {
    this.loss = loss;
    this.axis = axis;
    this.files = files;
    this.progress = progress;
    shape = files.logits().shape();
    long row = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    step = (int) Math.max(1, Math.min(PIECE, PIECE / Math.max(1, row)));
  }

  private record Piece(Tensor input, Target target) {}

  /** Reads the next rows; returns null if there are none. */
  private synchronized Piece read() {
    int count = failed ? 0 : files.next(step);
    if (count == 0) {
      return null;
    }
    failed = true; // unless this goes well
    long[] dimensions = shape.clone();
    dimensions[0] = count;
    Tensor input = Tensor.of(files.logits().floats(count), dimensions);
    Target target = target(count, without(dimensions, axis));
    done += count;
    progress.to((double) done / shape[0]);
    failed = false;
    return new Piece(input, target);
  }

  private Target target(int count, long[] dimensions) {
    long first = files.classes().position();
    long[] indices = files.classes().longs(count);
    float[] weights = files.rowWeights() == null ? null : files.rowWeights().floats(count);
    long[] mask = files.mask() == null ? null : files.mask().longs(count);
    for (int i = 0; i < indices.length; i++) {
      if ((weights == null || weights[i] != 0) && (mask == null || mask[i] != 0)) {
        check(indices[i], first + i);
      }
    }
    return Target.of(Tensor.of(indices, dimensions))
        .rowWeights(weights == null ? null : Tensor.of(weights, dimensions))
        .mask(mask == null ? null : Tensor.of(mask, dimensions));
  }

  /**
   * Checks a class here, because the library would name its place in the piece, and not in the
   * file.
   */
  private void check(long index, long place) {
    if (index != loss.ignoreIndex() && (index < 0 || index >= shape[axis])) {
      DataSet classes = files.classes();
      RuntimeException e =
          CrossEntropyTask.refuse(place, index, (int) shape[axis], loss.ignoreIndex())
              .forCaller(classes.fileShape());
      throw Failure.input(Wording.of(e.getMessage(), List.of(classes.file())));
    }
  }

  private static long[] without(long[] shape, int axis) {
    long[] rest = new long[shape.length - 1];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = shape[i < axis ? i : i + 1];
    }
    return rest;
  }

  private ClassificationSummary some(FusedLoss fused) {
    ClassificationSummary summary = ClassificationSummary.of((int) shape[axis]);
    for (Piece piece; (piece = read()) != null; ) {
      fused.evaluate(loss, piece.input, piece.target, summary);
    }
    return summary;
  }

  private EvaluationMemory memory() {
    long length = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    long rows = shape[0] * (length / shape[axis]);
    return new EvaluationMemory(shape[axis], rows, step * length, files.rowWeights() != null);
  }

  /** Evaluates all rows. */
  ClassificationSummary evaluate(FusedLoss fused) {
    int processors = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    EvaluationMemory memory = memory();
    long heap = Runtime.getRuntime().maxMemory();
    int room = memory.threads(processors, heap);
    int threads = Math.max(1, room); // One is tried in any case: the numbers are rounded up.
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<ClassificationSummary>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        parts.add(pool.submit(() -> some(fused)));
      }
      ClassificationSummary total = parts.get(0).get();
      for (Future<ClassificationSummary> part : parts.subList(1, threads)) {
        total.merge(part.get());
      }
      return total;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutOfMemoryError && room == 0) {
        throw memory.tooMuch(heap);
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      stop(pool);
    }
  }

  /** Stops the threads. The files are closed after this, so nobody may read them any more. */
  private synchronized void stop(ExecutorService pool) {
    failed = true;
    pool.shutdown();
  }
}

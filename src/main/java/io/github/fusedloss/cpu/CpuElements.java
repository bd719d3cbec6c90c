package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.Totals;
import java.util.concurrent.atomic.LongAdder;

/** Computes losses, functions and sums of elements, block by block. */
final class CpuElements {
  /** Work on elements start to start + n. */
  private interface BlockWork {
    void run(long start, int n, Scratch scratch);
  }

  private final BlockKernels kernels;
  private final Workers workers;

  CpuElements(BlockKernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
  }

  private void forBlocks(long size, BlockWork work) {
    long blocks = Blocks.count(size);
    int per = (int) Math.max(1, Math.min(16, blocks / (8L * workers.threads())));
    workers.run(
        (blocks + per - 1) / per,
        size >= Workers.WORTHWHILE,
        (part, scratch) -> {
          long end = Math.min(size, (part + 1) * per * Blocks.BLOCK);
          for (long start = part * per * Blocks.BLOCK; start < end; start += Blocks.BLOCK) {
            work.run(start, (int) Math.min(Blocks.BLOCK, end - start), scratch);
          }
        });
  }

  private double sumOfBlocks(long size, BlockSums.Source work) {
    if (size <= Blocks.BLOCK) {
      Scratch scratch = workers.take();
      try {
        return ScalarMath.toDouble(work.run(0, (int) size, scratch));
      } finally {
        workers.giveBack(scratch);
      }
    }
    BlockSums sums = new BlockSums(size);
    forBlocks(
        size, (start, n, scratch) -> sums.set(start / Blocks.BLOCK, work.run(start, n, scratch)));
    return ScalarMath.toDouble(sums.total(kernels, workers));
  }

  Totals binaryCrossEntropy(BceTask task) {
    RowFactors rowWeights = RowFactors.orNull(task.rowWeights(), kernels);
    if (rowWeights == null) {
      double sum = sumOfBlocks(task.size(), new CpuBce(task, kernels));
      return new Totals(sum, task.size(), task.size());
    }
    Totals weights = totals(task.size(), rowWeights);
    float scale = task.upstream().factor(weights.weightSum());
    boolean someIgnored = weights.count() < task.size();
    double sum =
        sumOfBlocks(task.size(), new WeightedBce(task, kernels, rowWeights, someIgnored, scale));
    return new Totals(sum, weights.weightSum(), weights.count());
  }

  /** Counts the factors that are not 0, and adds up all factors. */
  private Totals totals(long size, RowFactors rowWeights) {
    LongAdder count = new LongAdder();
    double sum =
        sumOfBlocks(
            size,
            (start, n, scratch) -> {
              float[] r = scratch.floats(Scratch.Slot.WEIGHT, n);
              rowWeights.copy(start, n, r);
              int counted = 0;
              for (int i = 0; i < n; i++) {
                counted += r[i] != 0f ? 1 : 0;
              }
              count.add(counted);
              return rowWeights.isMask() ? 0L : kernels.sum(r, 0, n, scratch.lanes);
            });
    return new Totals(0, rowWeights.isMask() ? count.sum() : sum, count.sum());
  }

  void mask(long size, Memory weights, Memory mask, Memory output) {
    Floats from = new Floats(weights, kernels);
    Integers where = new Integers(mask);
    Floats to = new Floats(output, kernels);
    forBlocks(
        size,
        (start, n, scratch) -> {
          float[] values = scratch.floats(Scratch.Slot.WEIGHT, n);
          from.copy(start, n, values, 0);
          for (int i = 0; i < n; i++) {
            values[i] = where.get((int) start + i) != 0 ? values[i] : 0f;
          }
          to.paste(values, 0, n, start);
        });
  }

  void sigmoid(long size, Memory input, Memory output) {
    Floats x = new Floats(input, kernels);
    Floats out = new Floats(output, kernels);
    forBlocks(
        size,
        (start, n, scratch) -> {
          float[] from = x.array(start, n, scratch, Scratch.Slot.INPUT);
          float[] to = out.result(n, scratch, Scratch.Slot.RESULT);
          kernels.sigmoid(from, x.at(start), n, to, out.at(start), scratch.lanes);
          out.written(start, n, to);
        });
  }

  double sum(long size, Memory input, float factor) {
    Floats x = new Floats(input, kernels);
    return sumOfBlocks(
        size,
        (start, n, scratch) -> {
          float[] from = x.array(start, n, scratch, Scratch.Slot.INPUT);
          if (factor == 1f) {
            return kernels.sum(from, x.at(start), n, scratch.lanes);
          }
          float[] scaled = scratch.floats(Scratch.Slot.RESULT, n);
          System.arraycopy(from, x.at(start), scaled, 0, n);
          RowBlock block = scratch.block.terms(scaled, 0, n).factor(factor);
          kernels.gradient(block, scratch.lanes);
          return kernels.sum(scaled, 0, n, scratch.lanes);
        });
  }

  float max(long size, Memory input) {
    Floats x = new Floats(input, kernels);
    float[] maxima = new float[(int) Blocks.count(size)];
    forBlocks(
        size,
        (start, n, scratch) ->
            maxima[(int) (start / Blocks.BLOCK)] =
                kernels.max(x.array(start, n, scratch, Scratch.Slot.INPUT), x.at(start), n));
    return kernels.max(maxima, 0, maxima.length);
  }
}

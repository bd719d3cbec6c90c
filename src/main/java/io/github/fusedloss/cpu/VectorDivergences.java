package io.github.fusedloss.cpu;

import io.github.fusedloss.Divergence;

/**
 * Computes the divergence of rows side by side for {@link VectorKernels}: one class of all rows at
 * a time.
 */
final class VectorDivergences {
  private VectorDivergences() {}

  static void masses(DivergenceTile tile, Lanes lanes) {
    begin(tile);
    maxima(tile, tile.z, tile.teacherMax, lanes);
    maxima(tile, tile.x, tile.studentMax, lanes);
    forClasses(tile, GeneratedTileMassesVectors.PASSES, 3, lanes);
    GeneratedSideEndsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  private static void begin(DivergenceTile tile) {
    tile.first.begin(tile.classes, tile.stride);
    tile.second.begin(tile.classes, tile.stride);
    tile.third.begin(tile.classes, tile.stride);
  }

  private static void maxima(DivergenceTile tile, float[] x, float[] to, Lanes lanes) {
    tile.largestOf = x;
    tile.largest = to;
    VectorTile.LARGEST.run(tile, lanes, tile.stride);
  }

  static void divergences(DivergenceTile tile, Lanes lanes) {
    begin(tile);
    boolean jsd = tile.divergence == Divergence.JSD;
    tile.loss = jsd ? tile.second : tile.first;
    forClasses(
        tile,
        switch (tile.divergence) {
          case FORWARD_KL ->
              tile.hasSlopesWithTerms()
                  ? GeneratedTileForwardPartsVectors.PASSES
                  : GeneratedTileForwardTermsVectors.PASSES;
          case REVERSE_KL -> GeneratedTileReverseTermsVectors.PASSES;
          case JSD -> GeneratedTileJsdTermsVectors.PASSES;
        },
        jsd ? 2 : 1,
        lanes);
  }

  static void slopes(DivergenceTile tile, Lanes lanes) {
    if (!tile.hasSlopesWithTerms()) {
      forClasses(
          tile,
          tile.divergence == Divergence.JSD
              ? GeneratedTileJsdSlopesVectors.PASSES
              : GeneratedTileReverseSlopesVectors.PASSES,
          0,
          lanes);
    }
  }

  /** Runs passes on each class, which leave terms for {@code sums} sums, and adds up these sums. */
  private static void forClasses(
      DivergenceTile tile, VectorPasses<DivergenceTile> passes, int sums, Lanes lanes) {
    for (int c = 0; c < tile.classes; c++) {
      tile.at(c);
      passes.run(tile, lanes, tile.stride);
      for (int k = 0; k < sums && tile.first.adds(); k++) {
        GeneratedLineSumsVectors.PASSES.run(tile.sums(k), lanes, tile.stride);
      }
    }
    for (int k = 0; k < sums; k++) {
      LineSums s = tile.sums(k);
      VectorSums.tree(s.hi, s.lo, s.length(), tile.stride);
    }
  }
}

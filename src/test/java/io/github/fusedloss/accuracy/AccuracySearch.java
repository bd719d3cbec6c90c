package io.github.fusedloss.accuracy;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.accuracy.PointJudge.Verdict;
import io.github.fusedloss.verify.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks for inputs that break a promise, by hill climbing, and prints the worst of each as a table;
 * {@code ci/accuracy search} runs it. Candidates are computed many in a call and ranked in double;
 * the leaders are judged in 120 digits and computed on every executor, whose bits have to agree.
 *
 * <p>What is tried is a function of the seed and the effort alone, not of the machine's speed.
 */
public final class AccuracySearch {
  /** Exponentials a second, on one core: what makes seconds of {@link SearchCase#cost}. */
  private static final double SPEED = 2e6;

  private static final int CORES = 2;

  /** The best candidates, from which others are bred. */
  private static final int ELITE = 16;

  /** After so many calls without a better candidate the search starts anew elsewhere. */
  private static final int PATIENCE = 60;

  /** How many of the leaders of a start are judged exactly. */
  private static final int JUDGED = 2;

  private record Candidate(float[] genes, double share) {}

  /** The worst input of a case, judged. */
  record Found(SearchCase of, Point point, Verdict verdict, String trouble) {
    boolean kept() {
      return verdict.kept() && trouble.isEmpty();
    }

    String text() {
      return kept() ? "OK" : trouble.isEmpty() ? "BROKEN" : "BROKEN: " + trouble;
    }
  }

  private final FusedLoss fused;
  private final List<FusedLoss> others;
  private final long seed;

  /**
   * A search.
   *
   * @param fused computes the candidates
   * @param others compute the leaders: their bits have to be the same
   */
  AccuracySearch(FusedLoss fused, List<FusedLoss> others, long seed) {
    this.fused = fused;
    this.others = others;
    this.seed = seed;
  }

  /** Searches all cases. The effort is about that of so many seconds on two cores. */
  List<Found> run(List<SearchCase> cases, double seconds, boolean progress)
      throws InterruptedException {
    Found[] found = new Found[cases.size()];
    double effort = seconds * CORES * SPEED / cases.stream().mapToDouble(SearchCase::effort).sum();
    AtomicInteger next = new AtomicInteger();
    Thread[] threads = new Thread[CORES];
    List<Throwable> failures = new ArrayList<>();
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                try {
                  for (int i; (i = next.getAndIncrement()) < found.length; ) {
                    SearchCase of = cases.get(i);
                    found[i] = search(of, effort * of.effort());
                    if (progress) {
                      System.err.printf(
                          "%d of %d: %s, %s, %s%n",
                          i + 1,
                          found.length,
                          of.text(),
                          found[i].verdict.distance(),
                          found[i].text());
                    }
                  }
                } catch (RuntimeException | Error e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("the search failed", failures.get(0));
    }
    return Arrays.asList(found);
  }

  /** The worst input of one case. */
  Found search(SearchCase of, double effort) {
    SplittableRandom random = new SplittableRandom(seed * 31 + of.hashOfName());
    List<Candidate> best = new ArrayList<>();
    List<Candidate> elite = new ArrayList<>();
    int patience = PATIENCE;
    double spent = 0;
    do {
      List<float[]> batch = breed(of, elite, random);
      double before = elite.isEmpty() ? -1 : elite.get(0).share;
      elite.addAll(evaluate(of, batch));
      elite.sort(Comparator.comparingDouble((Candidate c) -> -c.share));
      distinct(elite);
      spent += of.cost() * batch.size();
      patience = elite.get(0).share > before ? PATIENCE : patience - 1;
      if (patience == 0) {
        best.add(elite.get(0));
        elite.clear();
        patience = PATIENCE;
      }
    } while (spent < effort);
    if (!elite.isEmpty()) {
      best.add(elite.get(0));
    }
    best.sort(Comparator.comparingDouble((Candidate c) -> -c.share));
    Found worst = null;
    for (Candidate c : best.subList(0, Math.min(JUDGED, best.size()))) {
      if (c.share == 0 && worst != null) {
        break;
      }
      Found found = judge(of, c);
      if (worst == null || !found.kept() || found.verdict.share() > worst.verdict.share()) {
        worst = found;
      }
    }
    return worst;
  }

  private Found judge(SearchCase of, Candidate c) {
    Point point = of.point(List.of(c.genes), of.repeats(c.genes));
    if (!point.covered()) {
      throw new IllegalStateException("outside the domain: " + point);
    }
    Point.Computed computed = point.compute(fused);
    Verdict verdict = PointJudge.judge(of.promise(), point, computed);
    boolean agree =
        verdict.share() == c.share
            || Math.abs(verdict.share() - c.share) <= 1e-3 * Math.max(1, c.share);
    String trouble = agree ? "" : "the judge in double says " + c.share;
    for (FusedLoss other : others) {
      if (!WorstInputs.sameBits(computed, point.compute(other))) {
        trouble = "executors differ";
      }
    }
    return new Found(of, point, verdict, trouble);
  }

  private static void distinct(List<Candidate> elite) {
    for (int i = elite.size() - 1; i > 0; i--) {
      if (Arrays.equals(elite.get(i).genes, elite.get(i - 1).genes)) {
        elite.remove(i);
      }
    }
    if (elite.size() > ELITE) {
      elite.subList(ELITE, elite.size()).clear();
    }
  }

  private List<Candidate> evaluate(SearchCase of, List<float[]> batch) {
    float[] first = batch.get(0);
    int repeats = of.repeats(first);
    Point point = of.point(batch, repeats);
    InDouble exact =
        of.reduced() && !of.out.equals("gradient")
            ? new InDouble(of.point(batch, 1), repeats)
            : new InDouble(point);
    if (of.reduced() && !point.covered()) {
      return List.of(new Candidate(first, 0)); // weights that add up to 0
    }
    double[] shares = PointJudge.shares(of.promise(), point, point.compute(fused), exact);
    List<Candidate> scored = new ArrayList<>();
    if (of.reduced()) {
      scored.add(new Candidate(first, Arrays.stream(shares).max().orElse(0)));
      return scored;
    }
    for (int i = 0; i < shares.length; i++) {
      scored.add(new Candidate(batch.get(i), shares[i]));
    }
    return scored;
  }

  /** Candidates with the same shared genes: fresh, changed, or mixed from those there are. */
  private static List<float[]> breed(
      SearchCase of, List<Candidate> elite, SplittableRandom random) {
    List<Gene> genes = of.genes();
    int shared = of.sharedGenes();
    boolean fresh = elite.isEmpty() || random.nextInt(20) == 0;
    float[] base = fresh ? draw(of, genes, random) : pick(elite, random);
    float[] first = base.clone();
    if (!fresh && shared > 0 && random.nextInt(2) == 0) {
      change(of, genes, first, 0, shared, random);
    }
    List<float[]> batch = new ArrayList<>();
    while (batch.size() < of.batch()) {
      float[] own;
      int how = elite.isEmpty() ? 0 : random.nextInt(8);
      if (how == 0) {
        own = draw(of, genes, random);
      } else {
        own = (how < 6 ? base : pick(elite, random)).clone();
        if (how == 7) {
          float[] other = pick(elite, random);
          for (int i = shared; i < own.length; i++) {
            own[i] = random.nextBoolean() ? other[i] : own[i];
          }
        }
        change(of, genes, own, shared, own.length, random);
      }
      System.arraycopy(first, 0, own, 0, shared);
      batch.add(own);
    }
    return batch;
  }

  private static float[] pick(List<Candidate> elite, SplittableRandom random) {
    int n = 1 + random.nextInt(elite.size()); // the better, the likelier
    return elite.get(random.nextInt(n)).genes;
  }

  private static float[] draw(SearchCase of, List<Gene> genes, SplittableRandom random) {
    float[] values = new float[genes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = genes.get(i).draw(random, of.extreme, of.largest());
    }
    return values;
  }

  /** Changes one or a few genes, or shifts all logits, or makes two of a kind alike. */
  private static void change(
      SearchCase of, List<Gene> genes, float[] values, int from, int to, SplittableRandom random) {
    int how = random.nextInt(10);
    if (how == 0) {
      float by = (float) ((random.nextDouble() - 0.5) * (random.nextBoolean() ? 2 : 100));
      for (int i = from; i < to; i++) {
        if (genes.get(i) == Gene.LOGIT) {
          values[i] = Math.max(-of.largest(), Math.min(of.largest(), values[i] + by));
        }
      }
      return;
    }
    int i = random.nextInt(from, to);
    if (how == 1) {
      int other = random.nextInt(from, to);
      if (genes.get(other) == genes.get(i)) {
        values[i] = values[other];
      }
    }
    int times = how < 6 ? 1 : random.nextInt(1, 4);
    for (int k = 0; k < times; k++) {
      values[i] = genes.get(i).mutate(values[i], random, of.extreme, of.largest());
      i = random.nextInt(from, to);
    }
  }

  // ---- the command

  private static final String OPTIONS = "[--seconds N] [--promise NAME] [--device D] [--seed S]";

  private static void refuse(String why) {
    System.err.println("ci/accuracy search: " + why);
    System.exit(2);
  }

  /** Prints the table; exits with 1 if a promise is broken, with 2 if the arguments are bad. */
  public static void main(String[] args) throws InterruptedException {
    double seconds = 600;
    long seed = 1;
    String device = "cpu";
    List<SearchCase> cases = SearchCase.all();
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      try {
        switch (args[i]) {
          case "--seconds" -> seconds = Double.parseDouble(value);
          case "--seed" -> seed = Long.parseLong(value);
          case "--device" -> device = value;
          case "--promise" -> {
            Promise promise = Promise.valueOf(value.toUpperCase(Locale.ROOT));
            cases = cases.stream().filter(c -> c.promise() == promise).toList();
          }
          default -> refuse("no option " + args[i] + ": " + OPTIONS);
        }
      } catch (NumberFormatException e) {
        refuse(args[i] + ": expected a number, got '" + value + "'");
      } catch (IllegalArgumentException e) {
        refuse(
            args[i]
                + ": expected one of "
                + Arrays.toString(Promise.values())
                + ", got '"
                + value
                + "'");
      }
    }
    List<FusedLoss> others = new ArrayList<>();
    boolean kept;
    try (FusedLoss fused = FusedLoss.open(device)) {
      for (DeviceInfo info : FusedLoss.devices()) {
        if (info.usable() && !info.name().equals(fused.device())) {
          others.add(FusedLoss.open(info.name()));
        }
      }
      List<Found> found = new AccuracySearch(fused, others, seed).run(cases, seconds, true);
      System.out.print(report(found, fused.device(), seconds, seed));
      kept = found.stream().allMatch(Found::kept);
    } finally {
      others.forEach(FusedLoss::close);
    }
    System.exit(kept ? 0 : 1);
  }

  /** The worst of each promise, options and numbers, over all numbers of classes. */
  static String report(List<Found> found, String device, double seconds, long seed) {
    Map<String, Found> worst = new LinkedHashMap<>();
    for (Found f : found) {
      String key = f.verdict.promise() + f.of.text() + f.of.extreme;
      worst.merge(
          key,
          f,
          (a, b) ->
              a.kept() == b.kept()
                  ? a.verdict.share() < b.verdict.share() ? b : a
                  : a.kept() ? b : a);
    }
    List<Found> rows = new ArrayList<>(worst.values());
    rows.sort(Comparator.comparing((Found f) -> f.verdict.promise()));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            """

            ### Searches

            A search by hill climbing on %s: seed %d, the effort of %.0f seconds on two cores. It tries each function with
            each of its options, and rows of 2 to 12300 classes, single and repeated. Ordinary numbers are logits up to 100 and
            factors from 0.01 to 100; extreme numbers are from the whole range in `verify/Promise`. The terms of a gradient are
            defined in [numerics.md](numerics.md#promises); errors there are in 2^-22 of the terms. The last column is a line of
            `src/test/resources/accuracy/worst_inputs.txt`, or a new one in the same format.

            | promise | of | numbers | limit | worst found | | input |
            |---|---|---|---|---|---|---|
            """,
            device,
            seed,
            seconds));
    for (Found f : rows) {
      text.append(
          String.format(
              "| %s | %s | %s | %s | %s | %s | `%s` |%n",
              f.verdict.promise(),
              f.of.text(),
              f.of.extreme ? "extreme" : "ordinary",
              f.verdict.promise().limit(f.point.factors()),
              f.verdict.distance(),
              f.text(),
              f.point));
    }
    return text.toString();
  }
}

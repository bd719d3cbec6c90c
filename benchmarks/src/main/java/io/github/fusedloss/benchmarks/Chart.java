package io.github.fusedloss.benchmarks;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Fraction of copy by kernel and provider, as PNG. */
final class Chart {
  /** What is drawn, and how: ours in blues and greens, peers in warm colours. */
  private static final Map<String, Color> COLOURS = new LinkedHashMap<>();

  static {
    COLOURS.put("opencl", new Color(0x1f4e9c));
    COLOURS.put("cpu:vector", new Color(0x2a9d8f));
    COLOURS.put("cpu:vector host", new Color(0x7cc6a4));
    COLOURS.put("cpu:scalar host", new Color(0xa9b7c6));
    COLOURS.put("pytorch", new Color(0xe4572e));
    COLOURS.put("djl", new Color(0xf3a712));
    COLOURS.put("nd4j", new Color(0xb56576));
    COLOURS.put("naive", new Color(0x5c4033));
  }

  private Chart() {}

  static void write(List<Measurement> results, Path png) throws IOException {
    Map<String, Map<String, Measurement>> works = new LinkedHashMap<>(Report.byWork(results));
    works.values().removeIf(w -> w.values().stream().allMatch(m -> fraction(m) == 0));
    if (works.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1500)
            .height(800)
            .title("Fraction of the fastest copy (higher is better, 1 is the memory floor)")
            .build();
    Styler styler = chart.getStyler();
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
    chart.getStyler().setXAxisLabelRotation(35);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setAvailableSpaceFill(0.85);
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    List<String> names = works.keySet().stream().map(Chart::shorter).toList();
    List<Color> colours = new ArrayList<>();
    COLOURS.forEach(
        (provider, colour) -> {
          List<Double> fractions =
              works.values().stream().map(w -> fraction(w.get(provider))).toList();
          if (fractions.stream().anyMatch(f -> f > 0)) {
            chart.addSeries(provider, names, fractions);
            colours.add(colour);
          }
        });
    if (colours.isEmpty()) {
      return;
    }
    chart.getStyler().setSeriesColors(colours.toArray(Color[]::new));
    BitmapEncoder.saveBitmap(chart, png.toString(), BitmapEncoder.BitmapFormat.PNG);
  }

  private static double fraction(Measurement m) {
    return m == null || m.fractionOfFastestCopy() == null ? 0 : m.fractionOfFastestCopy();
  }

  private static String shorter(String work) {
    return work.replace("binary_cross_entropy", "bce")
        .replace("cross_entropy", "ce")
        .replace("forward+gradient", "f+g")
        .replace("smoothing, weights, ignore_index", "all options");
  }
}

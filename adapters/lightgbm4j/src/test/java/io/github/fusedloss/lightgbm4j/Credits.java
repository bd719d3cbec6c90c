package io.github.fusedloss.lightgbm4j;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A thousand credits of a German bank (Hofmann, 1994), a table that Weka's jar contains, with one
 * of its 21 columns as the label. Words are numbered in the order in which the table declares them.
 *
 * @param features row by row, without the label
 */
record Credits(int rows, int columns, float[] features, float[] labels) {
  static Credits labelled(String label) throws IOException {
    List<String> names = new ArrayList<>();
    List<List<String>> words = new ArrayList<>();
    List<float[]> table = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Credits.class.getResourceAsStream(
                    "/weka/gui/knowledgeflow/templates/credit-g.arff"),
                StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        if (line.startsWith("@attribute")) {
          String[] parts = line.split(" ", 3);
          names.add(parts[1]);
          words.add(fields(parts[2].replaceAll("[{}]", "")));
        } else if (!line.isBlank() && !line.startsWith("%") && !line.startsWith("@")) {
          List<String> fields = fields(line);
          float[] row = new float[fields.size()];
          for (int j = 0; j < row.length; j++) {
            int word = words.get(j).indexOf(fields.get(j));
            row[j] = word < 0 ? Float.parseFloat(fields.get(j)) : word;
          }
          table.add(row);
        }
      }
    }
    int at = names.indexOf(label);
    int columns = names.size() - 1;
    float[] features = new float[table.size() * columns];
    float[] labels = new float[table.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = table.get(i)[at];
      for (int j = 0; j < columns; j++) {
        features[i * columns + j] = table.get(i)[j < at ? j : j + 1];
      }
    }
    return new Credits(labels.length, columns, features, labels);
  }

  private static List<String> fields(String line) {
    return Arrays.stream(line.split(",")).map(String::strip).toList();
  }
}

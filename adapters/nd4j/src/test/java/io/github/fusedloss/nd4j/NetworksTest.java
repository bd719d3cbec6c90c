package io.github.fusedloss.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * Networks trained with both losses from the same start stay together: after so few steps they are
 * apart by rounding alone.
 */
class NetworksTest {
  private static final double ROUNDING = 1e-4;

  private final Random random = new Random(1);

  private static NeuralNetConfiguration.Builder start(double rate) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Sgd(rate))
        .weightInit(WeightInit.XAVIER);
  }

  private static MultiLayerConfiguration perceptron(ILossFunction loss, Activation activation) {
    return start(0.1)
        .list()
        .layer(new DenseLayer.Builder().nIn(6).nOut(16).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder(loss).nIn(16).nOut(4).activation(activation).build())
        .build();
  }

  private static MultiLayerNetwork network(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  /** 64 points around 4 centres. */
  private DataSet points(boolean sparse) {
    INDArray x = Nd4j.zeros(DataType.FLOAT, 64, 6);
    INDArray y = Nd4j.zeros(DataType.FLOAT, 64, sparse ? 1 : 4);
    for (int i = 0; i < 64; i++) {
      int c = random.nextInt(4);
      for (int j = 0; j < 6; j++) {
        x.putScalar(i, j, random.nextGaussian() * 0.5 + (j == c ? 2 : 0));
      }
      y.putScalar(i, sparse ? 0 : c, sparse ? c : 1);
    }
    return new DataSet(x, y);
  }

  private static void assertTogether(MultiLayerNetwork one, MultiLayerNetwork other) {
    assertTrue(one.params().equalsWithEps(other.params(), ROUNDING));
    assertEquals(one.score(), other.score(), ROUNDING * one.score());
  }

  @Test
  void perceptrons() {
    for (boolean sparse : new boolean[] {false, true}) {
      DataSet data = points(sparse);
      ILossFunction built = sparse ? new LossSparseMCXENT() : new LossMCXENT();
      MultiLayerNetwork one = network(perceptron(built, Activation.SOFTMAX));
      MultiLayerNetwork other = network(perceptron(new FusedCrossEntropy(), Activation.SOFTMAX));
      double first = other.score(data);
      for (int i = 0; i < 40; i++) {
        one.fit(data);
        other.fit(data);
      }
      assertTogether(one, other);
      assertTrue(other.score() < first / 2, "it learns");
    }
    DataSet data = points(false);
    MultiLayerNetwork one = network(perceptron(new LossBinaryXENT(), Activation.SIGMOID));
    MultiLayerNetwork other =
        network(perceptron(new FusedBinaryCrossEntropy(), Activation.SIGMOID));
    for (int i = 0; i < 40; i++) {
      one.fit(data);
      other.fit(data);
    }
    assertTogether(one, other);
  }

  @Test
  void graph() {
    DataSet data = points(false);
    Function<ILossFunction, ComputationGraph> made =
        loss -> {
          ComputationGraph graph =
              new ComputationGraph(
                  start(0.1)
                      .graphBuilder()
                      .addInputs("in")
                      .addLayer(
                          "hidden",
                          new DenseLayer.Builder()
                              .nIn(6)
                              .nOut(8)
                              .activation(Activation.TANH)
                              .build(),
                          "in")
                      .addLayer(
                          "out",
                          new OutputLayer.Builder(loss)
                              .nIn(8)
                              .nOut(4)
                              .activation(Activation.SOFTMAX)
                              .build(),
                          "hidden")
                      .setOutputs("out")
                      .build());
          graph.init();
          return graph;
        };
    ComputationGraph one = made.apply(new LossMCXENT());
    ComputationGraph other = made.apply(new FusedCrossEntropy());
    for (int i = 0; i < 20; i++) {
      one.fit(data);
      other.fit(data);
    }
    assertTrue(one.params().equalsWithEps(other.params(), ROUNDING));
    assertEquals(one.score(), other.score(), ROUNDING * one.score());
  }

  /** Sequences of different lengths: what is behind their ends is masked. */
  @Test
  void recurrentWithMasks() {
    int n = 8;
    int time = 13;
    INDArray x = Nd4j.randn(DataType.FLOAT, n, 5, time);
    INDArray y = Nd4j.zeros(DataType.FLOAT, n, 4, time);
    INDArray mask = Nd4j.ones(DataType.FLOAT, n, time);
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < time; t++) {
        y.putScalar(new int[] {i, random.nextInt(4), t}, 1);
        mask.putScalar(i, t, t > 5 + i ? 0 : 1);
      }
    }
    Function<ILossFunction, MultiLayerNetwork> made =
        loss ->
            network(
                start(0.1)
                    .list()
                    .layer(new LSTM.Builder().nIn(5).nOut(8).activation(Activation.TANH).build())
                    .layer(
                        new RnnOutputLayer.Builder(loss)
                            .nIn(8)
                            .nOut(4)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .build());
    for (INDArray m : new INDArray[] {null, mask}) {
      MultiLayerNetwork one = made.apply(new LossMCXENT());
      MultiLayerNetwork other = made.apply(new FusedCrossEntropy());
      for (int i = 0; i < 20; i++) {
        one.fit(x, y, m, m);
        other.fit(x, y, m, m);
      }
      assertTogether(one, other);
      DataSet data = new DataSet(x, y, m, m);
      assertTrue(
          one.scoreExamples(data, false)
              .equalsWithEps(other.scoreExamples(data, false), 100 * ROUNDING));
    }
  }

  /** A class for each pixel. */
  @Test
  void convolutional() {
    INDArray x = Nd4j.randn(DataType.FLOAT, 4, 3, 12, 12);
    INDArray y = Nd4j.zeros(DataType.FLOAT, 4, 5, 12, 12);
    for (int i = 0; i < 4; i++) {
      for (int h = 0; h < 12; h++) {
        for (int w = 0; w < 12; w++) {
          y.putScalar(new int[] {i, random.nextInt(5), h, w}, 1);
        }
      }
    }
    Function<ILossFunction, MultiLayerNetwork> made =
        loss ->
            network(
                start(0.01)
                    .list()
                    .layer(
                        new ConvolutionLayer.Builder(3, 3)
                            .nIn(3)
                            .nOut(5)
                            .convolutionMode(ConvolutionMode.Same)
                            .activation(Activation.IDENTITY)
                            .build())
                    .layer(new CnnLossLayer.Builder(loss).activation(Activation.SOFTMAX).build())
                    .setInputType(InputType.convolutional(12, 12, 3))
                    .build());
    MultiLayerNetwork one = made.apply(new LossMCXENT());
    MultiLayerNetwork other = made.apply(new FusedCrossEntropy());
    for (int i = 0; i < 10; i++) {
      one.fit(x, y);
      other.fit(x, y);
    }
    assertTogether(one, other);
  }

  @Test
  void serialisation(@TempDir Path folder) throws Exception {
    INDArray w = Nd4j.rand(DataType.FLOAT, 1, 4).addi(0.5);
    for (ILossFunction loss :
        new ILossFunction[] {
          new FusedCrossEntropy(), new FusedCrossEntropy(w, 0.1f), new FusedBinaryCrossEntropy(w, w)
        }) {
      Activation activation =
          loss instanceof FusedCrossEntropy ? Activation.SOFTMAX : Activation.SIGMOID;
      MultiLayerConfiguration configuration = perceptron(loss, activation);
      assertEquals(configuration, MultiLayerConfiguration.fromJson(configuration.toJson()));
      assertEquals(configuration, MultiLayerConfiguration.fromYaml(configuration.toYaml()));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(loss);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertEquals(loss, in.readObject());
      }

      DataSet data = points(false);
      MultiLayerNetwork network = network(configuration);
      network.fit(data);
      Path file = folder.resolve("network.zip");
      ModelSerializer.writeModel(network, file.toFile(), true);
      MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
      network.fit(data);
      restored.fit(data);
      assertEquals(network.params(), restored.params());
      assertEquals(network.params(), network.clone().params());
    }
  }
}

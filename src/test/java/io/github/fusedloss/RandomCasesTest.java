package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand of the million cases of ci/same-bits; OpenCL builds few kernels for them. */
class RandomCasesTest {
  @Test
  void everyExecutorGivesTheSameBits() {
    List<FusedLoss> executors = OpenDevices.all();
    RandomCases cases = new RandomCases(7, 3);
    for (int i = 0; i < 1000; i++) {
      assertNull(cases.differs(executors), "case " + i);
    }
  }
}

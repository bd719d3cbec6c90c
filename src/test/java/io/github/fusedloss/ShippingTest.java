package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShippingTest {
  @Test
  void shipsWhereTheCallIsPaidFor() {
    // 50 us a call and 1 ns an element against 6: 10,000 elements cost 60 us either way.
    assertEquals(10_000, Shipping.from(50_000, 1, 6));
    assertEquals(1, Shipping.from(1, 0, 1));
  }

  @Test
  void neverShipsWhereTransfersAloneCostMore() {
    assertEquals(Long.MAX_VALUE, Shipping.from(50_000, 6, 6));
    assertEquals(Long.MAX_VALUE, Shipping.from(0, 7, 6));
  }
}

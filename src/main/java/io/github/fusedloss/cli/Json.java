package io.github.fusedloss.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;

/** JSON with floats as their shortest decimals, and NaN and infinities as strings. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Json() {}

  static String text(JsonElement element) {
    return GSON.toJson(element);
  }

  static JsonElement number(float value) {
    return Float.isFinite(value)
        ? new JsonPrimitive(new BigDecimal(Float.toString(value)))
        : new JsonPrimitive(Float.toString(value));
  }

  static JsonElement number(double value) {
    if (!Double.isFinite(value)) {
      return new JsonPrimitive(Double.toString(value));
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? new JsonPrimitive((long) value)
        : new JsonPrimitive(value);
  }

  static JsonElement nothing() {
    return JsonNull.INSTANCE;
  }
}

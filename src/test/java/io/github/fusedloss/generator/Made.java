package io.github.fusedloss.generator;

import io.github.fusedloss.generator.Recipe.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A method for one element, and the function of the kernels that it is made of.
 *
 * @param type the class that has the method
 * @param arguments names of what the function is called with
 * @param parameters of the method: types of their names. What is not used is no parameter.
 */
public record Made(
    Program program,
    String type,
    String method,
    String function,
    List<String> arguments,
    Map<String, String> parameters) {
  /** All that are listed as functions in the recipes. */
  public static List<Made> functions() throws IOException {
    List<Made> all = new ArrayList<>();
    for (Recipe recipe : Recipes.in(Generate.RECIPES).all()) {
      if (recipe.kind().equals("functions")) {
        Program program = Generate.read(recipe);
        for (Recipe.Method method : recipe.methods()) {
          ScalarWriter writer = new ScalarWriter(program, recipe, method);
          writer.write();
          Call call = method.call().named(program);
          all.add(
              new Made(
                  program,
                  "Generated" + recipe.name(),
                  Code.identifier(method.name()),
                  call.function(),
                  call.arguments(),
                  writer.parameters()));
        }
      }
    }
    return all;
  }

  /** The name of the parameter that has this leaf of the arguments, of a pair one half. */
  public static String parameter(String leaf) {
    return Code.identifier(leaf.replaceAll("\\.(hi|lo)$", ""));
  }

  @Override
  public String toString() {
    return function + ", " + type + "." + method;
  }
}

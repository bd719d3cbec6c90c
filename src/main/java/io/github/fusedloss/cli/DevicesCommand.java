package io.github.fusedloss.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.FusedLoss;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Lists every executor, usable or why not, and which one `auto` takes.")
final class DevicesCommand implements Callable<Integer> {
  @ParentCommand private MainCommand main;

  @Option(names = "--json", description = "print one JSON array")
  private boolean json;

  @Override
  public Integer call() {
    List<DeviceInfo> all = FusedLoss.devices();
    String auto;
    String choice;
    try (FusedLoss fused = FusedLoss.open()) {
      auto = fused.device();
      choice = fused.choice();
    }
    if (json) {
      JsonArray list = new JsonArray();
      for (DeviceInfo info : all) {
        JsonObject device = new JsonObject();
        device.addProperty("name", info.name());
        device.addProperty("backend", info.backend());
        device.addProperty("description", info.description());
        device.addProperty("type", info.type().name());
        device.addProperty("usable", info.usable());
        device.addProperty("reason", info.reason());
        device.addProperty("auto", info.name().equals(auto));
        list.add(device);
      }
      main.console().out().println(Json.text(list));
      return 0;
    }
    for (DeviceInfo info : all) {
      main.console()
          .out()
          .printf(
              "%s %-11s %s%s%n",
              info.name().equals(auto) ? "*" : " ",
              info.name(),
              info.description(),
              info.usable() ? "" : " - not usable: " + info.reason());
    }
    main.console().err().println("auto takes " + choice);
    return 0;
  }
}

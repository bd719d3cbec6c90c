package io.github.fusedloss.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.verify.KernelReport;
import io.github.fusedloss.verify.KernelSuite;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Judges every kernel by the reference: largest error in ULP, tolerance, verdict.")
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private MainCommand main;
  @Mixin private DeviceOption device;

  @Option(names = "--json", description = "print one JSON array")
  private boolean json;

  @Override
  public Integer call() {
    List<KernelReport> reports;
    String name;
    try (FusedLoss fused = device.openExactly(main.console())) {
      name = fused.device();
      reports = KernelSuite.run(fused, main.console()::progress);
    }
    main.console().progress("");
    boolean passed = true;
    JsonArray rows = new JsonArray();
    if (!json) {
      main.console()
          .out()
          .printf("%-56s %6s %9s  %-26s %s%n", name, "cases", "max ULP", "tolerance", "verdict");
    }
    for (KernelReport report : reports) {
      passed &= report.passed();
      if (json) {
        JsonObject row = new JsonObject();
        row.addProperty("kernel", report.kernel());
        row.addProperty("device", name);
        row.addProperty("cases", report.cases());
        row.add("max_ulp", Json.number(report.maxUlp()));
        row.addProperty("tolerance", report.tolerance());
        row.addProperty("passed", report.passed());
        row.addProperty("worst", report.worst());
        rows.add(row);
      } else {
        main.console()
            .out()
            .printf(
                "%-56s %6d %9.3f  %-26s %s%n",
                report.kernel(),
                report.cases(),
                report.maxUlp(),
                report.tolerance(),
                report.passed() ? "passed" : "MISSED: " + report.worst());
      }
    }
    if (json) {
      main.console().out().println(Json.text(rows));
    } else {
      main.console().out().println(passed ? "verified" : "NOT verified");
    }
    return passed ? 0 : 1;
  }
}

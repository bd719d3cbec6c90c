"""Prints the table of a GPU comparison from its JSON lines.

usage: report.py FILE...

Time is the device's (kernels alone for FusedLoss, between events for the others), wall is what a
program waits. Fractions are of the same process's device copy that moves as many bytes.
"""

import json
import sys

HEAD = ["provider", "dtype", "ms", "wall ms", "bytes", "GB/s", "copy GB/s", "of copy",
        "triton/this", "torch/this"]


def row(line, peers):
    if "median_seconds" not in line:
        return [line["provider"], line["dtype"], line.get("error", "failed")]
    seconds = line["median_seconds"]
    rate = line["bytes"] / seconds / 1e9
    cells = [
        line["provider"], line["dtype"], f"{seconds * 1e3:.3f}", f"{line['wall_seconds'] * 1e3:.3f}",
        f"{line['bytes']}", f"{rate:.0f}", f"{line['copy_gigabytes_per_second']:.0f}",
        f"{rate / line['copy_gigabytes_per_second']:.2f}",
    ]
    for name in ("triton", "torch"):
        other = peers.get((name, line["dtype"]), {}).get("median_seconds")
        cells.append(f"{other / seconds:.2f}" if other else "")
    return cells


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]  # the last may be cut off


def main(paths):
    lines = [line for path in paths for line in lines_of(path)]
    for device in dict.fromkeys(line["device"] for line in lines):
        print("-", device)
    works = dict.fromkeys((line["benchmark"], line["shape"]) for line in lines)
    for work in works:
        group = [line for line in lines if (line["benchmark"], line["shape"]) == work]
        peers = {(line["provider"], line["dtype"]): line for line in group}
        print(f"\n## {work[0]} {work[1]}\n")
        print("| " + " | ".join(HEAD) + " |")
        print("|---|---|" + "---:|" * (len(HEAD) - 2))
        for line in group:
            cells = row(line, peers)
            print("| " + " | ".join(cells + [""] * (len(HEAD) - len(cells))) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])

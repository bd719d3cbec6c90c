"""Compiles the works of GpuBuilds for a GPU, prints what came out, and fails if a kernel would not fit. See ci/gpu-static.

usage: static.py GPU FOLDER [--only REGEX]
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import sys

import compilers
import model

LEAST_OCCUPANCY = 0.5
NARROW = 0.1  # of the elements, such as the target's logit, may be read alone where rows are aligned

ALONE = ("targets_total",)  # launched as one work-group, which may have a GPU's all

Work = collections.namedtuple("Work", "name file options kernels numbers nulls")


def read_works(path, only):
    with open(path, encoding="utf-8") as file:
        works = [Work(*line.rstrip("\n").split("\t")) for line in file]
    return [work for work in works if re.search(only, work.name)]


def compile_program(gpu, folder, program):
    file, options = program
    base = os.path.join(folder, hashlib.sha256(" ".join(program).encode()).hexdigest()[:12])
    try:
        return gpu.compile(os.path.join(folder, file), options, base), os.path.basename(base)
    except compilers.Failed as failure:
        return failure, None


def predict(work, kernels):
    """The model's line of a work, from all its kernels."""
    stages = []
    element = 2 if re.search("INPUT=B?F16", work.options) else 8 if "sum_pairs" in work.kernels or "=long" in work.options else 4
    numbers = {key: int(value) for key, value in (part.split("=") for part in work.numbers.split())}
    numbers["element"] = element
    group = compilers.group_size(work.options)
    fits = 2 * numbers.get("rows", 1) * numbers.get("classes", numbers.get("n", 0)) * element <= model.CACHE
    for stage in work.kernels.split(","):
        name, units = stage.split(":")
        own = dict(numbers, per_group=min(int(units), model.UNITS))
        stages.append(model.count(kernels[name], work.options, own, work.nulls.split(","), group, fits))
    return model.predict(stages, kernels[work.kernels.split(":")[0]], numbers, group, fits)


def faults(name, kernel):
    """Why a kernel would not fit."""
    found = list(kernel["exact"])
    if kernel.get("spills"):
        found.append("spills")
    if kernel.get("stack"):
        found.append("stack")
    if kernel.get("occupancy", 1) < LEAST_OCCUPANCY and name not in ALONE:
        found.append("occupancy")
    return found


def line_of(kernel):
    memory = " ".join(f"{op}:{times}" for op, times in sorted(kernel.get("memory", {}).items()))
    columns = ("registers", "spills", "stack", "local")
    return " ".join(f"{kernel.get(key, '-'):>9}" for key in columns) + f" {kernel.get('occupancy', float('nan')):>9.2f}  {memory}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gpu")
    parser.add_argument("folder")
    parser.add_argument("--only", default=".")
    given = parser.parse_args()
    gpu = compilers.GPUS[given.gpu]
    print(f"\n=== {given.gpu} ({gpu.arch})")
    if gpu.missing():
        print(f"skipped: {gpu.missing()}")
        return 0
    works = read_works(f"{given.folder}/{given.gpu}.works", given.only)
    programs = list(dict.fromkeys((work.file, work.options) for work in works))
    folder = f"{given.folder}/{given.gpu}"
    with concurrent.futures.ProcessPoolExecutor() as pool:
        compiled = dict(zip(programs, pool.map(compile_program, [gpu] * len(programs), [folder] * len(programs), programs)))

    bad, index, seen = 0, [], set()
    print(f"{'work':46} {'kernel':22} registers    spills     stack     local occupancy  memory operations")
    for work in works:
        kernels, name = compiled[work.file, work.options]
        if isinstance(kernels, compilers.Failed):
            bad += 1
            print(f"{work.name:46} FAILED: {kernels}")
            continue
        index.append(dict(work._asdict(), program=name))
        for stage in work.kernels.split(","):
            kernel = stage.split(":")[0]
            if (name, kernel) not in seen:
                seen.add((name, kernel))
                found = faults(kernel, kernels[kernel])
                bad += bool(found)
                print(f"{work.name:46} {kernel:22} {line_of(kernels[kernel])}  {' '.join('!' + fault for fault in found)}")
    with open(f"{folder}.json", "w", encoding="utf-8") as file:
        json.dump(index, file, indent=1)
    if isinstance(gpu, compilers.Nvidia):
        bad += print_model(works, compiled)
    print(f"{given.gpu}: {len(programs)} programs, {len(seen)} kernels, {bad} faults")
    return 1 if bad else 0


def print_model(works, compiled):
    bad = 0
    print(f"\n{'work':46} instructions     bytes     reads of copy   (of one element)")
    works = [work for work in works if not isinstance(compiled[work.file, work.options][0], compilers.Failed)]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        lines = pool.map(predict, works, [compiled[work.file, work.options][0] for work in works])
        for work, line in zip(works, lines):
            # Elements begin where OpenCL aligns a buffer; rows where their length says so.
            aligned = "-D ALIGNED" in work.options or work.kernels.split("_")[0].split(":")[0] in ("sigmoid", "sum", "max", "element")
            narrow = aligned and line["narrow"] > NARROW
            bad += narrow
            print(f"{work.name:46} {line['instructions']:12.1f} {line['bytes']:9.2f} {line['reads']:9.2f} {line['fraction']:7.2f}"
                  + ("  !reads single elements" if narrow else ""))
    return bad


if __name__ == "__main__":
    sys.exit(main())

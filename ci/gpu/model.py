"""What a work would reach on an H200, from instructions and bytes (docs/performance.md)."""

import re
import struct

import ptx

# Of an H200: 132 multiprocessors issue 4 x 32 instructions in each of 1.98e9 cycles; its copy moves 4.3e12 bytes a second.
SLOTS = 31 / 4  # instructions in the time that a byte of the copy takes
ISSUED = 0.77  # of these are used, where enough work-items are in flight
ITEMS = 2048  # places of a multiprocessor
IN_FLIGHT = 24e3  # bytes that a multiprocessor must have asked for so that it reads as fast as the copy moves
FIRST_CACHE = 256e3 * 0.75  # bytes of what is loaded that a multiprocessor keeps, with local memory
CACHE = 45e6  # bytes that its second-level cache keeps of what is in use, of 60 MB
WIDE = 8  # bytes of a load that are enough: those of a warp are two whole lines of 128 bytes
LANES = 256  # of a block of elements (ACCUMULATORS of blocks.cl)
PROCESSORS = 132
UNITS = 2  # units of a work-group that are run
NUMBERS = {"scale": 1.0, "factor": 1.0, "keep_hi": 0.9, "keep_lo": 0.0, "spread_hi": 1e-4, "spread_lo": 0.0,
           "inverse_hi": 1.0, "times_hi": 1.0, "slope_times": 1.0, "beta": 0.5, "keep_of_student": 0.5}


def contents(names, options):
    """Global memory: logits, targets and class numbers of usual size."""
    stored = next((kind for kind in ("F16", "BF16") if f"INPUT={kind}" in options), None)

    def read(region, address, size):
        name = names[region - 1]
        noise = (address * 2654435761 >> 9 & 0xFFFF) / 65536
        if name == "class" or name == "target" and "TARGET=" in options and not stored:
            return 3
        number = noise if name in ("target", "prob") else noise * 6 - 3 if name == "x" else noise * 5 - 2.5 if name == "teacher" else 1.0
        if name == "scratch":  # what other work-items have found: a part whose elements are NEAR (row_elements.cl)
            number = 0.0
        if stored and name in ("x", "teacher", "target", "prob", "out"):
            bits = struct.unpack("<H", struct.pack("<e", number))[0] if stored == "F16" else ptx.bits_of(number) >> 16
            return bits * 0x0001000100010001
        return ptx.bits_of(number) * 0x0000000100000001

    return read


def arguments(code, names, numbers, nulls):
    for i, (name, parameter) in enumerate(zip(names, code.parameters)):
        if parameter in code.pointers:
            yield 0 if name in nulls else (i + 1) << ptx.REGION
        elif name in NUMBERS:
            yield ptx.bits_of(NUMBERS[name])
        else:
            yield numbers.get(name, 0)


def team_of(options, group):
    """Work-items that have a row of one block, or one block of a longer row."""
    value = dict(re.findall(r"-D (\w+)=(\d+)", options))
    return min(group, int(value.get("TEAM_LANES", LANES)) // (int(value["VEC"]) * int(value["UNROLL"])))


def representatives(options, group):
    """Work-items to run, and how many warps each stands for.

    Work-items of one warp go together. The first of a group finishes rows, besides its elements. The last has the row's last
    block, which may be short, and stands for its team. One from the middle stands for all others.
    """
    warps = max(1, group // 32)
    last = 0 if warps == 1 else warps - 1 if "ONE_BLOCK" in options else max(1, min(warps - 1, team_of(options, group) // 32))
    found = ((0, 1), (group // 2, warps - 1 - last), (group - 1, last))
    return [(item, weight) for item, weight in found if weight]


def count(kernel, options, numbers, nulls, group, fits):
    """Runs a kernel: what it did for all elements that a work-group's work-items have read, as a dictionary.

    fits: all that the work reads and writes stays in the cache.
    """
    code, names = ptx.Kernel(kernel["ptx"]), kernel["names"]
    read = contents(names, options)
    operands = list(arguments(code, names, numbers, nulls))
    region = names.index("class" if "per_item" in names else "x" if "x" in names else names[0]) + 1
    size = numbers["element"]
    items = ITEMS * kernel["occupancy"]
    first = max(0, FIRST_CACHE - kernel["local"] * items / group) / items
    second = float("inf") if fits else CACHE / (PROCESSORS * items)
    # Working memory is small and in use all the time: it stays in the cache.
    own = [r for r, name in enumerate(names, 1) if name != "scratch"]
    total, run = {}, None
    for item, weight in representatives(options, group):
        run = ptx.WorkItem(code, operands, item, group, read, run).run()
        fetched = run.fetched(own, first, second)
        loaded, stored = (sum(sum(parts.get(r, {}).values()) for r in own) for parts in (run.loaded, run.stored))
        found = {
            "elements": sum(run.loaded.get(region, {}).values()) / size, "instructions": run.issued,
            "loaded": loaded, "stored": stored, "fetched": sum(fetched.values()), "batch": run.batch() / group * 32,
            "reads": fetched[region] / size,
            "narrow": sum(n for (r, width), n in run.widths.items() if r == region and width < WIDE) / size}
        for key, value in found.items():
            total[key] = total.get(key, 0) + weight * value
    return total


def predict(stages, kernel, numbers, group, fits):
    """Of kernels one after the other, the first of which is given: what they do for an element, and the fraction of a copy.

    Where all fits the cache, only the first stage reads from memory.
    """
    total = {key: sum(stage[key] for stage in stages) for key in stages[0]}
    elements = max(stage["elements"] for stage in stages)
    fetching = stages[:1] if fits else stages
    moved = max(stage["loaded"] for stage in stages) + total["stored"]
    fetched, reads = (sum(stage[key] for stage in fetching) for key in ("fetched", "reads"))
    issue = ISSUED * SLOTS * moved / total["instructions"]
    latency = ITEMS * kernel["occupancy"] * max(stage["batch"] for stage in stages) / (IN_FLIGHT * fetched / moved)
    again = moved / (fetched + total["stored"])
    return {"instructions": total["instructions"] / elements, "bytes": moved / elements, "reads": reads / elements,
            "narrow": total["narrow"] / elements, "fraction": min(issue, latency, again)}

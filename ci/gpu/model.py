"""What a work would reach on an H200, from instructions and bytes (docs/performance.md)."""

import struct

import ptx

# Of an H200: 132 multiprocessors issue 4 x 32 instructions in each of 1.98e9 cycles; its copy moves 4.3e12 bytes a second.
SLOTS = 31 / 4  # instructions in the time that a byte of the copy takes
ISSUED = 0.77  # of these are used, where enough work-items are in flight
ITEMS = 2048  # places of a multiprocessor
IN_FLIGHT = 24e3  # bytes that a multiprocessor must have asked for so that it reads as fast as the copy moves
CACHE = 45e6  # bytes of rows that its second-level cache keeps, of 60 MB
PROCESSORS = 132
UNITS = 2  # units of a work-group that are run
NUMBERS = {"scale": 1.0, "factor": 1.0, "keep_hi": 0.9, "keep_lo": 0.0, "spread_hi": 1e-4, "spread_lo": 0.0}


def contents(names, options):
    """Global memory: logits, targets and class numbers of usual size."""
    stored = next((kind for kind in ("F16", "BF16") if f"INPUT={kind}" in options), None)

    def read(region, address, size):
        name = names[region - 1]
        noise = (address * 2654435761 >> 9 & 0xFFFF) / 65536
        if name == "class" or name == "target" and "TARGET=" in options and not stored:
            return 3
        number = noise if name in ("target", "prob") else noise * 6 - 3 if name == "x" else 1.0
        if stored and name in ("x", "target", "prob", "out"):
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


def count(kernel, options, numbers, nulls, group):
    """Runs a kernel: what it did for all elements that a work-group's work-items have read, as a dictionary."""
    code, names = ptx.Kernel(kernel["ptx"]), kernel["names"]
    read = contents(names, options)
    operands = list(arguments(code, names, numbers, nulls))
    region = names.index("class" if "per_item" in names else "x" if "x" in names else names[0]) + 1
    size = numbers["element"]
    total, run = {}, None
    # Work-items of one warp go together: the first one stands for its own, the last one for all others.
    for item, weight in ((0, 1), (group - 1, group // 32 - 1)):
        if not weight:
            continue
        run = ptx.WorkItem(code, operands, item, group, read, run).run()
        bytes_of = [sum(sum(part.values()) for part in parts.values()) for parts in (run.loaded, run.stored)]
        found = {
            "elements": sum(run.loaded.get(region, {}).values()) / size, "instructions": run.instructions(),
            "loaded": bytes_of[0], "stored": bytes_of[1], "batch": run.batch() / group * 32,
            "reads": sum(n for (r, _), n in run.widths.items() if r == region) / size,
            "narrow": sum(n for (r, width), n in run.widths.items() if r == region and width < min(16, 4 * size)) / size}
        for key, value in found.items():
            total[key] = total.get(key, 0) + weight * value
    return total


def predict(stages, kernel, numbers, group):
    """Of kernels one after the other, the first of which is given: what they do for an element, and the fraction of a copy."""
    total = {key: sum(stage[key] for stage in stages) for key in stages[0]}
    elements = max(stage["elements"] for stage in stages)
    moved, size = total["loaded"] + total["stored"], numbers["element"]
    issue = ISSUED * SLOTS * moved / total["instructions"]
    latency = ITEMS * kernel["occupancy"] * max(stage["batch"] for stage in stages) / (IN_FLIGHT * total["loaded"] / moved)
    # A row that is read again comes from memory again, unless the rows of all groups stay in the cache meanwhile.
    rows = PROCESSORS * kernel["occupancy"] * ITEMS / group * numbers.get("classes", 0) * size
    again = max(0, total["reads"] - elements) * size if rows > CACHE else 0
    return {"instructions": total["instructions"] / elements, "bytes": moved / elements, "reads": total["reads"] / elements,
            "narrow": total["narrow"] / elements, "fraction": min(issue, latency, moved / (moved + again))}

"""Runs a kernel's PTX, one work-item at a time, to count what it executes.

A static listing does not say which of its instructions run how often; a GPU is not needed to find out. Other work-items
of the group are not there: what they would have left in local memory is 0, or what one of them left that ran before. So the numbers that a
kernel computes here are wrong. The way that it takes through its code is right where it does not depend on them, and that
is what is counted. Global memory has logits of usual size wherever the kernel reads.
"""

import collections
import re
import struct

LIMIT = 3_000_000  # instructions, after which a loop is taken to have no end
REGION = 40  # bits of an address within a pointer argument

# What one PTX instruction becomes in machine code, where that is not one instruction. Constants, copies and signs are
# operands of others; 64-bit integers take two instructions for each step, or a routine.
FREE = ("mov", "ld.param", "neg", "abs", "not.pred", "cvta", "cvt.u64.u32", "cvt.u32.u64", "cvt.s64.s32", "cvt.u32.u16",
        "cvt.u16.u32", "and.pred", "or.pred")
ROUTINES = {"div.u64": 120, "rem.u64": 120, "div.s64": 130, "div.u32": 18, "rem.u32": 20, "div.s32": 20, "rem.s32": 22}


def issued(op):
    """Machine instructions that an opcode comes to."""
    if op.startswith(FREE):
        return 0
    if op in ROUTINES:
        return ROUTINES[op]
    if op.startswith("mul.lo.s64") or op.startswith("mad.lo.s64"):
        return 4
    wide = re.match(r"(add|sub|shl|shr|and|or|setp|min|max|selp)\S*[sub]64$", op)
    return 2 if wide else 1


def round32(value):
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def float_of(bits):
    return struct.unpack("<f", struct.pack("<I", bits & 0xFFFFFFFF))[0]


def bits_of(value):
    return struct.unpack("<I", struct.pack("<f", value))[0] if isinstance(value, float) else value


def signed(value, width):
    value &= (1 << width) - 1
    return value - (1 << width) if value >> (width - 1) else value


COMPARE = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a == a and b == b and a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "equ": lambda a, b: not (a < b or a > b), "neu": lambda a, b: a != b, "ltu": lambda a, b: not a >= b,
    "leu": lambda a, b: not a > b, "gtu": lambda a, b: not a <= b, "geu": lambda a, b: not a < b,
    "num": lambda a, b: a == a and b == b, "nan": lambda a, b: a != a or b != b,
}
ARITHMETIC = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "min": min, "max": max,
    "and": lambda a, b: a & b, "or": lambda a, b: a | b, "xor": lambda a, b: a ^ b,
    "div": lambda a, b: a // b if b else -1, "rem": lambda a, b: a % b if b else a,
    "mad": lambda a, b, c: a * b + c, "fma": lambda a, b, c: a * b + c,
    "neg": lambda a: -a, "abs": abs, "not": lambda a: ~a,
    "copysign": lambda a, b: abs(b) * (-1.0 if bits_of(a) >> 31 else 1.0),
}


def half_of(value):
    return struct.unpack("<H", struct.pack("<e", max(-65504.0, min(65504.0, value))))[0]


class Kernel:
    """The instructions of one entry of a PTX file."""

    def __init__(self, text):
        self.parameters = re.findall(r"\.param [^,\n]*?(\w+_param_\d+)", text)
        self.pointers = set(re.findall(r"\.param \.u64 \.ptr [^,\n]*?(\w+_param_\d+)", text))
        self.labels, self.code, self.symbols = {}, [], {}
        offset = 1 << 62
        for space, name, size in re.findall(r"\.(shared|local)[^;]*?\.\w\d+ \t?([\w$]+)(?:\[(\d+)\])?;", text):
            self.symbols[name] = offset
            offset += (int(size or 8) + 255) // 256 * 256
        for line in text.splitlines():
            line = line.split("//")[0].strip()
            if label := re.fullmatch(r"(\$\w+):", line):
                self.labels[label[1]] = len(self.code)
            elif m := re.fullmatch(r"(?:@(!?)(%p\d+) +)?([a-z][\w.:]*)\s*(.*);", line):
                operands = re.findall(r"\{[^}]*\}|\[[^\]]*\]|[^,\s]+", m[4])
                self.code.append((m[1] == "!", m[2], m[3], operands))
        self.free = self.joined()

    def joined(self):
        """Instructions that become part of the one that uses their result: a shift or a sum, of a sum (LEA, IADD3)."""
        uses = collections.Counter(r for *_, operands in self.code for r in re.findall(r"%\w+", " ".join(operands[1:])))
        made, free = {}, set()
        for at, (_, _, op, operands) in enumerate(self.code):
            if op in ("add.s32", "sub.s32"):
                found = next((made[o] for o in operands[1:] if made.get(o) is not None and uses[o] == 1), None)
                if found is not None:
                    free.add(found)
                made[operands[0]] = at if found is None else None  # three operands are all
            elif op == "shl.b32" and operands[2].isdigit():
                made[operands[0]] = at
            elif operands and operands[0] in made:
                made[operands[0]] = None
        return free


class WorkItem:
    """One run: arguments by position; a pointer is the number of its region, or None for NULL."""

    def __init__(self, kernel, arguments, item, size, contents, other=None):
        self.kernel, self.contents = kernel, contents
        self.registers, self.memory = {}, {}
        self.left = [{}]  # in local memory, between each barrier and the next
        self.others = other.left if other else []
        self.issued = 0  # instructions of machine code
        self.loaded, self.stored = {}, {}  # region: {address: size}; what it reads of what it wrote is in neither
        self.steps, self.touched = 0, {}  # instructions so far, and how many they were when an address was touched
        self.again = collections.Counter()  # (region, instructions since it was touched): bytes loaded again
        self.special = {"%tid.x": item, "%ntid.x": size, "%nctaid.x": 1000, "%nctaid.y": 1, "%ctaid.x": 0, "%ctaid.y": 0,
                        "%tid.y": 0, "%tid.z": 0, "%ctaid.z": 0}
        self.parameters = dict(zip(kernel.parameters, arguments))
        self.together = 0  # bytes that this stretch of code without a branch has loaded so far
        self.batches = []  # of all stretches
        self.widths = collections.Counter()  # (region, bytes of one load): bytes

    def value(self, operand, kind):
        """An operand as a number of a type, such as f32, s32, u64, b16 or pred."""
        if operand.startswith("%"):
            found = self.special.get(operand)
            if found is None:
                found = self.registers.get(operand, 0)
        elif operand.startswith("0f"):
            found = float_of(int(operand[2:], 16))
        elif operand in self.kernel.symbols:
            found = self.kernel.symbols[operand]
        else:
            found = int(operand.rstrip("U"), 0)
        if kind == "pred":
            return bool(found)
        if kind == "f32":
            return found if isinstance(found, float) else float_of(found)
        found = bits_of(found) if isinstance(found, float) else int(found)
        width = int(kind[1:])
        return signed(found, width) if kind[0] == "s" else found & ((1 << width) - 1)

    def put(self, register, value, kind):
        if kind == "pred" or isinstance(value, float):
            self.registers[register] = value
        else:
            value &= (1 << int(kind[1:])) - 1
            self.registers[register] = float_of(value) if register.startswith("%f") else value

    def address(self, operand):
        base, _, offset = operand.strip("[]").partition("+")
        if base in self.parameters:
            return base
        return self.value(base, "u64") + int(offset or 0)

    def load(self, space, address, kind, registers):
        size = int(kind[1:]) // 8
        if space == "global":
            region = address >> REGION
            if address not in self.stored.get(region, ()):
                self.loaded.setdefault(region, {})[address] = size
            if address in self.touched:
                self.again[region, self.steps - self.touched[address]] += size
            self.touched[address] = self.steps
            self.together += size
            self.widths[region, size * registers] += size
            if address not in self.memory:
                return self.contents(region, address, size)
        return self.memory.get(address, 0)

    def store(self, space, address, value, kind):
        if space == "global":
            self.stored.setdefault(address >> REGION, {})[address] = int(kind[1:]) // 8
            self.touched[address] = self.steps
        elif space == "shared":
            self.left[-1][address] = value
        self.memory[address] = value

    def move(self, op, operands):
        """Loads and stores of one or several registers."""
        parts = op.split(".")
        space, kind = parts[1], parts[-1]
        if space == "param":
            value = self.parameters[operands[1].strip("[]")]
            self.put(operands[0], value, kind)
            return
        space = next((p for p in parts if p in ("global", "shared", "local")), "global")
        loads = parts[0] == "ld"
        address = self.address(operands[1 if loads else 0])
        registers = re.findall(r"[^\s{},]+", operands[0 if loads else 1])
        for i, register in enumerate(registers):
            at = address + i * int(kind[1:]) // 8
            if loads:
                self.put(register, self.load(space, at, kind, len(registers)), kind)
            else:
                self.store(space, at, self.value(register, kind), kind)

    def exchange(self, parts, operands):
        """An atomic operation."""
        space, name, kind = parts[1], parts[-2], parts[-1]
        address, given = self.address(operands[1]), self.value(operands[2], kind)
        old = signed(self.memory.get(address, 0), 32) if kind[0] == "s" else self.memory.get(address, 0)
        self.put(operands[0], old, kind)
        self.store(space, address, ARITHMETIC[name](old, given), kind)

    def convert(self, parts, operands):
        to, source = parts[-2], parts[-1]
        value = self.value(operands[1], "b16" if source == "f16" else source)
        if source == "f16":
            value = struct.unpack("<e", struct.pack("<H", value))[0]
        if to == "f16x2":
            value = half_of(value) << 16 | half_of(self.value(operands[2], source))
            to = "b32"
        elif to == "f16":
            value = half_of(value)
            to = "b16"
        elif to == "f32":
            value = round32(float(value))
        elif isinstance(value, float):
            value = int(value) if abs(value) < 1e30 else 0
        self.put(operands[0], value, to)

    def step(self, op, operands):
        parts = op.split(".")
        name, kind = parts[0], parts[-1]
        if name in ("ld", "st"):
            self.move(op, operands)
        elif name == "setp":
            a, b = (self.value(o, kind) for o in operands[1:3])
            self.put(operands[0], COMPARE[parts[1]](a, b), "pred")
        elif name == "selp":
            chosen = operands[1] if self.value(operands[3], "pred") else operands[2]
            self.put(operands[0], self.value(chosen, kind), kind)
        elif name == "mov":
            if operands[1].startswith("{"):
                low, high = (self.value(o, "u32") for o in re.findall(r"[^\s{},]+", operands[1]))
                self.put(operands[0], low | high << (32 if kind[1:] == "64" else 16), kind)
            elif operands[0].startswith("{"):
                value, half = self.value(operands[1], kind), int(kind[1:]) // 2
                for i, register in enumerate(re.findall(r"[^\s{},]+", operands[0])):
                    self.put(register, value >> i * half, "u" + str(half))
            else:
                self.put(operands[0], self.value(operands[1], kind), kind)
        elif name == "cvt":
            self.convert(parts, operands)
        elif name == "cvta":
            self.put(operands[0], self.value(operands[1], "u64"), "u64")
        elif name in ("shl", "shr"):
            count = self.value(operands[2], "u32")
            value = self.value(operands[1], kind)
            self.put(operands[0], value << count if name == "shl" else value >> count, kind)
        elif name == "clz":
            width = int(kind[1:])
            self.put(operands[0], width - self.value(operands[1], kind).bit_length(), "u32")
        elif name == "prmt":
            low, high, chosen = (self.value(o, "u32") for o in operands[1:])
            octets = (low | high << 32).to_bytes(8, "little")
            self.put(operands[0], int.from_bytes(bytes(octets[chosen >> 4 * i & 7] for i in range(4)), "little"), "b32")
        elif name == "popc":
            self.put(operands[0], bin(self.value(operands[1], kind)).count("1"), "u32")
        elif name in ARITHMETIC:
            values = [self.value(o, kind) for o in operands[1:]]
            if len(parts) > 1 and parts[1] == "wide":
                kind = kind[0] + str(2 * int(kind[1:]))
            if kind == "pred":
                result = not values[0] if name == "not" else bool(ARITHMETIC[name](*values))
            else:
                result = ARITHMETIC[name](*values)
            self.put(operands[0], round32(result) if kind == "f32" else result, kind)
        elif name in ("bar", "barrier"):
            self.barrier()
        elif name == "atom":
            self.exchange(parts, operands)
        elif name not in ("red", "prefetch", "membar", "fence"):
            raise ValueError(f"unknown instruction {op} {operands}")

    def run(self):
        """Executes the kernel to its end; returns itself."""
        at, code = 0, self.kernel.code
        for self.steps in range(LIMIT):
            negated, predicate, op, operands = code[at]
            at += 1
            self.issued += 0 if at - 1 in self.kernel.free else issued(op)
            if predicate and self.registers.get(predicate, False) == negated:
                continue
            if op.startswith("bra"):
                self.end_stretch()
                at = self.kernel.labels[operands[0]]
            elif op.startswith("ret"):
                self.end_stretch()
                return self
            else:
                self.step(op, operands)
        raise ValueError("a loop has no end")

    def barrier(self):
        """What the other work-item left until here is seen from here on."""
        if len(self.left) <= len(self.others):
            self.memory.update(self.others[len(self.left) - 1])
        self.left.append({})

    def end_stretch(self):
        if self.together:
            self.batches.append(self.together)
        self.together = 0

    def fetched(self, regions, first, second):
        """Bytes of each region that come from memory, if caches keep so many of what this work-item touches.

        The first keeps what is loaded, the second what is stored, too. Other work-items are anywhere in the same work
        meanwhile: all touch as much in the time of an instruction.
        """
        found = {r: sum(self.loaded.get(r, {}).values()) for r in regions}
        loaded = sum(found.values())
        stored = sum(sum(self.stored.get(r, {}).values()) for r in regions)
        kept = self.steps * max(first / max(1, loaded), second / max(1, loaded + stored))  # instructions
        for (region, steps), size in self.again.items():
            if region in found and steps > kept:
                found[region] += size
        return found

    def batch(self):
        """Bytes that are loaded at once, as the mean of all bytes."""
        return sum(b * b for b in self.batches) / max(1, sum(self.batches))

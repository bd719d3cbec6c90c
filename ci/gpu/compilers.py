"""Compilers of GPUs: each makes of one program what is known of its kernels."""

import collections
import os
import re
import shutil
import subprocess

CLANG = ["-x", "cl", "-cl-std=CL1.2", "-w", "-Xclang", "-finclude-default-header"]
CUDA = "/usr/local/cuda"


class Failed(Exception):
    """A compiler said no."""


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        complaint = re.search(r".*error.*", done.stdout)
        raise Failed(f"{os.path.basename(command[0])}: {complaint[0] if complaint else done.stdout[-300:]}")
    return done.stdout


def tool(variable, *places):
    """The first of some programs that is there, unless the environment names one; None if there is none."""
    if variable in os.environ:
        return os.environ[variable]
    return next((found for found in map(shutil.which, places) if found), None)


def group_size(options):
    return int(re.search(r"-D WGS=(\d+)", options)[1])


def unexact(ir):
    """What in clang's IR would let a compiler fuse operations or change them."""
    marks = {"fused by the front end": r"llvm\.fmuladd", "fast-math flags": r"\bf(?:add|sub|mul|div)(?: \w+)* (?:contract|fast|reassoc)\b"}
    return [name for name, mark in marks.items() if re.search(mark, ir)]


class Nvidia:
    """Unoptimised IR of clang, NVIDIA's optimiser and assembler behind it."""

    WARPS, REGISTERS, LOCAL = 64, 65536, 233472  # of a multiprocessor of Hopper

    def __init__(self, arch):
        self.arch = arch
        self.cicc = tool("CICC", "cicc", CUDA + "/nvvm/bin/cicc")
        self.ptxas = tool("PTXAS", "ptxas", CUDA + "/bin/ptxas")

    def missing(self):
        lacking = [name for name in ("cicc", "ptxas") if not getattr(self, name)]
        return f"no {' and '.join(lacking)} of CUDA 13" if lacking else None

    def compile(self, source, options, base):
        ir = base + ".ll"
        run("clang-19", *CLANG, "-target", "nvptx64-nvidia-nvcl", "-Xclang", "-target-cpu", "-Xclang", self.arch, "-Xclang",
            "-target-feature", "-Xclang", "+ptx80", "-Xclang", "-mlink-builtin-bitcode", "-Xclang",
            "/usr/lib/clc/nvptx64--nvidiacl.bc", "-O1", "-Xclang", "-disable-llvm-passes", "-fno-discard-value-names", *options.split(), "-emit-llvm", "-S", "-o",
            ir, source)
        with open(ir, encoding="utf-8") as file:
            text = re.sub(r"target triple = .*", 'target triple = "nvptx64-nvidia-cuda"', file.read())
        with open(ir, "w", encoding="utf-8") as file:
            file.write(text + "\n!nvvmir.version = !{!999999}\n!999999 = !{i32 2, i32 0, i32 3, i32 1}\n")
        run("llvm-as-19", ir, "-o", base + ".bc")
        run(self.cicc, "-nvvm-version=nvvm-latest", "-libnvvm", "-arch=" + self.arch.replace("sm_", "compute_"), "-opt=3", "-fma=0",
            base + ".bc", "-o", base + ".ptx")
        report = run(self.ptxas, "-v", "-arch=" + self.arch, base + ".ptx", "-o", base + ".cubin")
        os.remove(base + ".bc")
        os.remove(ir)
        with open(base + ".ptx", encoding="utf-8") as file:
            ptx = file.read()
        kernels = {}
        for name, body in re.findall(r"^\.visible \.entry (\w+)(\(.*?^})", ptx, re.S | re.M):
            own = report[report.index(f"entry function '{name}'"):]
            stack, stores, loads = map(int, re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes", own).groups())
            used = re.search(r"Used (\d+) registers(.*)", own)
            local = re.search(r"(\d+) bytes smem", used[2])
            kernels[name] = {
                "registers": int(used[1]), "spills": stores + loads, "stack": stack, "local": int(local[1]) if local else 0,
                "exact": unexact(text) + self.inexact(body), "ptx": body, "memory": self.memory(body),
                "names": self.arguments(text, name)}
            kernels[name]["occupancy"] = self.occupancy(kernels[name], group_size(options))
        return kernels

    @staticmethod
    def arguments(ir, kernel):
        return re.findall(r"%(\w+)[,)]", re.search(rf"^define [^@]*@{kernel}(\(.*)", ir, re.M)[1])

    @staticmethod
    def inexact(ptx):
        marks = {".ftz": r"\.ftz\b", ".approx": r"\.approx\b", "operations left open to fusing": r"\b(?:add|sub|mul|mad)\.f32\b",
                 "double precision": r"\.f64\b"}
        return [name for name, mark in marks.items() if re.search(mark, ptx)]

    @staticmethod
    def memory(ptx):
        """Bits of global loads and stores, as often as they stand in the code."""
        found = collections.Counter()
        for op, count, bits in re.findall(r"\b(ld|st)\.global(?:\.nc)?(?:\.v(\d))?\.[a-z]*(\d+)", ptx):
            found[op + str(int(count or 1) * int(bits))] += 1
        return found

    def occupancy(self, kernel, group):
        """Work-items in flight of those that a multiprocessor has places for."""
        warps = -(-group // 32)
        of_warp = -(-kernel["registers"] * 32 // 256) * 256
        groups = min(self.REGISTERS // of_warp // 4 * 4 // warps, self.LOCAL // (kernel["local"] + 1024), self.WARPS // warps, 32)
        return groups * warps / self.WARPS


class Amd:
    """LLVM to the end, as in AMD's driver."""

    WAVES = {"gfx90a": 8, "gfx1100": 16}  # of a SIMD

    def __init__(self, arch):
        self.arch = arch

    def missing(self):
        return None

    def compile(self, source, options, base):
        assembly = base + ".s"
        report = run(
            "clang-19", *CLANG, "-target", "amdgcn-amd-amdhsa", "-mcpu=" + self.arch, "-nogpulib", "-Xclang", "-mlink-builtin-bitcode",
            "-Xclang", "/usr/lib/clc/amdgcn--amdhsa.bc", "-O3", "-mcode-object-version=5", "-Rpass-analysis=kernel-resource-usage",
            *options.split(), "-S", "-o", assembly, source)
        with open(assembly, encoding="utf-8") as file:
            text = file.read()
        inexact = unexact(run("clang-19", *CLANG, "-target", "amdgcn-amd-amdhsa", "-nogpulib", "-Xclang", "-disable-llvm-passes",
                              *options.split(), "-S", "-emit-llvm", "-o", "-", source))
        bodies = dict(re.findall(r"^(\w+):\s+; @\w+\n(.*?)^\s*s_endpgm", text, re.M | re.S))
        kernels = {}
        for part in report.split("Function Name: ")[1:]:
            name = re.match(r"\w+", part)[0]
            value = {key: int(number) for key, number in re.findall(r"remark: [^\n]*?\s{2,}(\w[^:\n]*): (\d+)", part)}
            flushes = re.search(rf"\.amdhsa_kernel {name}\n.*?\.amdhsa_float_denorm_mode_32 (\d)", text, re.S)[1] != "3"
            kernels[name] = {
                "registers": value["VGPRs"], "spills": value["VGPRs Spill"], "stack": value["ScratchSize [bytes/lane]"],
                "local": value["LDS Size [bytes/block]"], "occupancy": value["Occupancy [waves/SIMD]"] / self.WAVES[self.arch],
                "exact": inexact + ["flushes subnormals"] * flushes, "memory": self.memory(bodies.get(name, ""))}
        return kernels

    @staticmethod
    def memory(body):
        bits = {"dwordx4": 128, "dwordx3": 96, "dwordx2": 64, "b128": 128, "b96": 96, "b64": 64, "dword": 32, "b32": 32}
        found = collections.Counter()
        for op, kind in re.findall(r"\bglobal_(load|store)_(\w+)", body):
            found[op.replace("load", "ld").replace("store", "st") + str(bits.get(kind, 16))] += 1
        return found


class Intel:
    """SPIR-V, which the driver compiles on its own. Registers are its affair; what is checked is that it is valid."""

    def __init__(self, arch):
        self.arch = arch

    def missing(self):
        return None

    def compile(self, source, options, base):
        common = ["clang-15", *CLANG, "-target", "spir64", "-O1", "-Xclang", "-disable-llvm-passes", *options.split()]
        run(*common, "-S", "-emit-llvm", "-o", base + ".ll", source)
        run(*common, "-c", "-emit-llvm", "-o", base + ".bc", source)
        run("llvm-spirv-15", base + ".bc", "-o", base + ".spv")
        run("spirv-val", base + ".spv")
        text = run("spirv-dis", base + ".spv")
        with open(base + ".ll", encoding="utf-8") as file:
            inexact = unexact(file.read())
        os.remove(base + ".bc")
        os.remove(base + ".ll")
        bodies = dict(re.findall(r"^ *%(\w+) = OpFunction (.*?)OpFunctionEnd", text, re.M | re.S))

        def computes(number):
            body = bodies[number]
            return bool(re.search(r"= OpF(?:Add|Sub|Mul)\b", body)) or any(
                computes(called) for called in set(re.findall(r"= OpFunctionCall %\w+ %(\w+)", body)))

        kernels = {}
        for number, name in re.findall(r'OpEntryPoint Kernel %(\w+) "(\w+)"', text):
            fused = computes(number) and f"OpExecutionMode %{number} ContractionOff" not in text
            kernels[name] = {"exact": inexact + ["operations may be fused"] * fused}
        return kernels


GPUS = {"h200": Nvidia("sm_90"), "mi250": Amd("gfx90a"), "rx7900": Amd("gfx1100"), "arc": Intel("SPIR-V")}

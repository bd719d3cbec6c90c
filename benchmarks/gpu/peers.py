"""The peers of the GPU comparison: PyTorch eager and compiled, a Triton kernel, torch's own copy.

usage: peers.py SHAPE...      8192x32000 is cross entropy, 268435456 BCE with logits

One JSON line per measurement goes to stdout, progress to stderr. Every result is checked against
float64 before it is timed; a peer that fails is reported, not timed.
"""

import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

WARM_UP = 20
REPEATS = 41
DTYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
# Largest error of a gradient relative to its largest element: a few roundings of the storage.
TOLERANCE = {"f32": 1e-5, "f16": 2e-3, "bf16": 2e-2}


def measure(call):
    """Medians of seconds on the device (by events) and on the wall."""
    for _ in range(WARM_UP):
        call()
    device, wall = [], []
    for _ in range(REPEATS):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        began = time.perf_counter()
        start.record()
        call()
        end.record()
        torch.cuda.synchronize()
        wall.append(time.perf_counter() - began)
        device.append(start.elapsed_time(end) / 1e3)
    return statistics.median(device), statistics.median(wall)


def copy_rate(bytes_each):
    """Bytes read plus written per second of a device copy of so many bytes."""
    source = torch.zeros(bytes_each, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)
    seconds, _ = measure(lambda: target.copy_(source))
    return 2 * bytes_each / seconds


class Problem:
    """Input, target, and what the result has to be."""

    def __init__(self, shape, dtype):
        torch.manual_seed(1)
        self.shape = [int(d) for d in shape.split("x")]
        self.rows = self.shape[0]
        self.binary = len(self.shape) == 1
        self.name = "binary_cross_entropy_with_logits" if self.binary else "cross_entropy"
        self.x = (2 * torch.randn(self.shape, device="cuda")).to(DTYPES[dtype])
        if self.binary:
            self.target = torch.randint(0, 2, self.shape, device="cuda").to(DTYPES[dtype])
        else:
            self.target = torch.randint(0, self.shape[1], (self.rows,), device="cuda")
        self.loss, self.gradient = self.exact()

    def bytes(self, gradient):
        n = self.x.numel() * self.x.element_size()
        # Class indices count 4 bytes, as on our side.
        return n + (n if self.binary else 4 * self.rows) + (n if gradient else 0)

    def function(self, x):
        if self.binary:
            return F.binary_cross_entropy_with_logits(x, self.target)
        return F.cross_entropy(x, self.target)

    def exact(self):
        """In float64, in parts that fit: the loss, and the gradient of the first and last part."""
        part = max(1, (1 << 24) // (1 if self.binary else self.shape[1]))
        total, gradients = 0.0, {}
        starts = range(0, self.rows, part)
        for start in starts:
            x = self.x[start:start + part].double().requires_grad_(True)
            t = self.target[start:start + part]
            if self.binary:
                loss = F.binary_cross_entropy_with_logits(x, t.double(), reduction="sum")
            else:
                loss = F.cross_entropy(x, t, reduction="sum")
            total += loss.item()
            if start in (starts[0], starts[-1]):
                loss.backward()
                gradients[start] = x.grad / self.rows
        return total / self.rows, gradients

    def check(self, dtype, loss, gradient):
        if not abs(loss.item() - self.loss) <= TOLERANCE[dtype] * max(1.0, abs(self.loss)):
            raise ValueError(f"loss: expected {self.loss}, got {loss.item()}")
        if gradient is None:
            return
        for start, exact in self.gradient.items():
            actual = gradient[start:start + len(exact)].double()
            error = (actual - exact).abs().max() / exact.abs().max()
            if not error <= TOLERANCE[dtype]:
                raise ValueError(f"gradient from row {start}: relative error {error:.2g}")


def torch_call(function, problem, gradient):
    x = problem.x.detach().requires_grad_(gradient)

    def call():
        if not gradient:
            with torch.no_grad():
                return function(x), None
        x.grad = None
        loss = function(x)
        loss.backward()
        return loss, x.grad

    return call


def providers(problem, gradient):
    """The calls by provider; each is made only when its turn comes."""
    yield "torch", lambda: torch_call(problem.function, problem, gradient)
    yield "torch.compile", lambda: torch_call(
        torch.compile(problem.function, dynamic=False), problem, gradient)
    if not problem.binary:

        def triton_call():
            from triton_cross_entropy import cross_entropy
            return lambda: cross_entropy(problem.x, problem.target, gradient)

        yield "triton", triton_call


def main(shapes):
    if not torch.cuda.is_available():
        print("peers: no CUDA device, so no peer is measured", file=sys.stderr)
        return
    device = f"{torch.cuda.get_device_name()}, torch {torch.__version__}"
    for shape in shapes:
        for dtype in DTYPES:
            problem = Problem(shape, dtype)
            for gradient in (False, True):
                benchmark = problem.name + (" forward+gradient" if gradient else " forward")
                moved = problem.bytes(gradient)
                copy = copy_rate(moved // 2)
                for provider, prepare in providers(problem, gradient):
                    line = {
                        "benchmark": benchmark, "shape": shape, "dtype": dtype,
                        "provider": provider, "bytes": moved,
                        "copy_gigabytes_per_second": copy / 1e9, "device": device,
                    }
                    try:
                        call = prepare()
                        call()
                        # The second call: what the first leaves behind must not add up.
                        problem.check(dtype, *call())
                        line["median_seconds"], line["wall_seconds"] = measure(call)
                    except Exception as e:  # any failure of a peer is a line of the report
                        line["error"] = f"{type(e).__name__}: {e}".splitlines()[0]
                    print(json.dumps(line), flush=True)
                    print(provider, benchmark, shape, dtype,
                          line.get("error") or f"{line['median_seconds'] * 1e3:.3f} ms",
                          file=sys.stderr)
                    torch._dynamo.reset()
                    torch.cuda.empty_cache()


if __name__ == "__main__":
    main(sys.argv[1:])

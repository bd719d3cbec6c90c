"""Cross entropy as Triton libraries fuse it: loss and gradient in one kernel, a program per row.

First pass: online softmax, the running maximum and the sum of exponentials rescaled to it. Second
pass: reads the row again and writes the gradient. Mathematics in float32 whatever the storage.
"""

import torch
import triton
import triton.language as tl


@triton.jit
def _cross_entropy(
    logits, targets, losses, gradient, classes, scale,
    WANT_GRADIENT: tl.constexpr, BLOCK: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64)
    logits += row * classes
    gradient += row * classes
    target = tl.load(targets + row)
    largest = -float("inf")
    total = 0.0
    for start in range(0, classes, BLOCK):
        columns = start + tl.arange(0, BLOCK)
        x = tl.load(logits + columns, mask=columns < classes, other=-float("inf")).to(tl.float32)
        highest = tl.maximum(largest, tl.max(x))
        total = total * tl.exp(largest - highest) + tl.sum(tl.exp(x - highest))
        largest = highest
    logsumexp = largest + tl.log(total)
    at_target = tl.load(logits + target).to(tl.float32)
    tl.store(losses + row, logsumexp - at_target)
    if WANT_GRADIENT:
        for start in range(0, classes, BLOCK):
            columns = start + tl.arange(0, BLOCK)
            inside = columns < classes
            x = tl.load(logits + columns, mask=inside, other=-float("inf")).to(tl.float32)
            p = tl.exp(x - logsumexp)
            p = tl.where(columns == target, p - 1.0, p)
            tl.store(gradient + columns, (p * scale).to(gradient.dtype.element_ty), mask=inside)


def cross_entropy(logits, targets, want_gradient):
    """The mean loss, and its gradient (or None) in a tensor of its own."""
    rows, classes = logits.shape
    losses = torch.empty(rows, dtype=torch.float32, device=logits.device)
    gradient = torch.empty_like(logits) if want_gradient else logits
    block = min(32768, triton.next_power_of_2(classes))
    _cross_entropy[(rows,)](
        logits, targets, losses, gradient, classes, 1.0 / rows,
        WANT_GRADIENT=want_gradient, BLOCK=block, num_warps=32 if block >= 8192 else 8,
    )
    return losses.mean(), gradient if want_gradient else None

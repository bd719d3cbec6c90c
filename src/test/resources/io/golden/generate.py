"""Writes the .npy files beside this script, and manifest.txt with what NumPy reads from them.

Run once with NumPy 2.4 (python3 generate.py); the files are committed. Each line of the manifest:

    file type shape(2x3, or - for 0-d) order(C or F) version values

where values, comma-separated in C order, are what the Java reader should hold: the bits of
values.astype('<f4') as 8 hex digits for floating types, decimal integers for the others.
"""

import pathlib
import warnings

import numpy as np

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261123)
warnings.simplefilter("ignore")  # conversions to f2 and f4 overflow and round on purpose

# Every rank from 0 to 4, lengths 0 and 1 at each end and inside, both orders where they differ.
SHAPES = [
    ((), "C"), ((0,), "C"), ((1,), "C"), ((5,), "C"),
    ((2, 3), "C"), ((2, 3), "F"), ((3, 1), "F"), ((0, 3), "C"), ((3, 0), "F"),
    ((2, 3, 4), "C"), ((2, 3, 4), "F"), ((2, 0, 3), "F"),
    ((2, 3, 2, 2), "C"), ((2, 3, 2, 2), "F"), ((1, 3, 1, 2), "F"),
]
DTYPES = {"F2": "<f2", "F4": "<f4", "F8": "<f8", "I4": "<i4", "I8": "<i8", "U1": "|u1"}
VERSIONS = [(1, 0), (2, 0), (3, 0)]

# Zeros, the extremes, subnormals, and ties between neighbours of float32 and of float16.
SPECIALS = np.array([
    np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.5, 3.4028235677973366e38, 1e300, 2.0**-149,
    -(2.0**-150), 3 * 2.0**-150, 2.0**-126, 1 + 2.0**-24, 1 + 3 * 2.0**-24, 1 + 2.0**-24 + 2.0**-50,
    65504.0, 65519.0, 65520.0, 2.0**-24, 2.0**-25, 3 * 2.0**-25, 2.0**-14, 1 + 2.0**-11,
])


def values(dtype, count):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        scale = {2: 6, 4: 38, 8: 44}[dtype.itemsize]
        spread = rng.standard_normal(count) * 10.0 ** rng.integers(-scale, scale, count)
        return np.where(rng.random(count) < 0.5, spread, rng.choice(SPECIALS, count)).astype(dtype)
    limits = np.iinfo(dtype)
    drawn = rng.integers(limits.min, limits.max, count, dtype=dtype, endpoint=True)
    drawn[:2] = [limits.min, limits.max][: drawn[:2].size]
    return drawn


def text(array):
    flat = array.ravel(order="C")
    if array.dtype.kind == "f":
        return ",".join(f"{bits:08x}" for bits in flat.astype("<f4").view("<u4"))
    return ",".join(str(int(value)) for value in flat)


def name_of(shape):
    return "x".join(map(str, shape)) or "-"


lines = []
turn = 0
for name, dtype in DTYPES.items():
    for shape, order in SHAPES:
        array = values(dtype, int(np.prod(shape))).reshape(shape)
        array = np.asarray(array, order=order)
        version = VERSIONS[turn % 3]  # 15 shapes: every type meets every version
        turn += 1
        file = f"{name.lower()}_{name_of(shape)}_{order}_v{version[0]}.npy"
        with open(HERE / file, "wb") as out:
            np.lib.format.write_array(out, array, version=version, allow_pickle=False)
        lines.append(f"{file} {name} {name_of(shape)} {order} {version[0]} {text(array)}".rstrip())
    turn += 1  # so that the next type meets each shape in another version

# What the writer is compared with: one float32 array, in the three types, as numpy.save writes it.
for shape in [(), (24,), (0, 3), (2, 3, 4)]:
    count = int(np.prod(shape))
    array = np.resize(SPECIALS.astype("<f4"), count).reshape(shape)
    for name in ["F2", "F4", "F8"]:
        np.save(HERE / f"written_{name.lower()}_{name_of(shape)}.npy", array.astype(DTYPES[name]))

(HERE / "manifest.txt").write_text("\n".join(lines) + "\n")

"""Our kernels on an NVIDIA GPU whose machine has no OpenCL driver: compiled elsewhere, launched by CuPy.

usage: cubins.py compile FOLDER     what record.c has written there, with the compilers of ci/gpu-static
       cubins.py run FOLDER         launches each kernel with the recorded arguments; its buffers must get the recorded bits
       cubins.py dry FOLDER         checks what run would pass, without a GPU

This shows the bits of the kernels. It shows nothing of the Java that launches them.
"""

import json
import pathlib
import re
import sys

ARCHITECTURE = "sm_90"


def compile_all(folder):
    sys.path[:0] = ["ci/gpu"]
    from compilers import Nvidia  # of ci/gpu-static

    compiler = Nvidia(ARCHITECTURE)
    if compiler.missing():
        sys.exit(f"cubins: {compiler.missing()}, so nothing is compiled")
    sources = sorted(folder.glob("*.cl"))
    for source in sources:
        base = source.with_suffix("")
        compiler.compile(str(source), base.with_suffix(".options").read_text(), str(base))
        base.with_suffix(".ptx").unlink()
    print(f"cubins: compiled {len(sources)} programs for {ARCHITECTURE}")


def buffers(folder, launch, when):
    """By index of the argument, the recorded bytes of each buffer."""
    return {i: (folder / f"{launch['launch']}.{i}.{when}").read_bytes()
            for i, argument in enumerate(launch["arguments"]) if argument["buffer"]}


def dry(folder, launch):
    source = (folder / f"{launch['program']}.cl").read_text()
    options = (folder / f"{launch['program']}.options").read_text()
    assert re.search(rf"-D WGS={launch['items']}\b", options), "a work-group as the program wants it"
    assert launch["kernel"].split("_")[0] in source
    before, after = (buffers(folder, launch, when) for when in ("before", "after"))
    assert {i: len(b) for i, b in before.items()} == {i: len(b) for i, b in after.items()}
    assert before != after, "it writes something"
    return 0


def run(folder, launch):
    """How many bytes differ from what they have to be."""
    import cupy
    import numpy

    module = cupy.RawModule(path=str(folder / f"{launch['program']}.cubin"))
    on_device = {i: cupy.asarray(numpy.frombuffer(data, numpy.uint8)) for i, data in buffers(folder, launch, "before").items()}
    arguments = []
    for i, argument in enumerate(launch["arguments"]):
        # Only the size of a number matters to the launch; a null pointer is a 0 of 8 bytes.
        number = numpy.frombuffer(bytes.fromhex(argument["value"]), numpy.uint32 if argument["bytes"] == 4 else numpy.uint64)
        arguments.append(on_device[i] if i in on_device else number[0])
    module.get_function(launch["kernel"])(tuple(launch["groups"]), (launch["items"],), tuple(arguments))
    return sum(int((on_device[i].get() != numpy.frombuffer(data, numpy.uint8)).sum())
               for i, data in buffers(folder, launch, "after").items())


def main(what, folder):
    if what == "compile":
        return compile_all(folder)
    with open(folder / "launches.jsonl", encoding="utf-8") as file:
        launches = [json.loads(line) for line in file]
    wrong = 0
    for launch in launches:
        bad = {"run": run, "dry": dry}[what](folder, launch)
        wrong += bad > 0
        print(f"{launch['launch']:3} {launch['kernel']:24} {'x'.join(map(str, launch['groups']))} groups of {launch['items']}: "
              + (f"{bad} wrong bytes" if bad else {"run": "right", "dry": "recorded"}[what]))
    print(f"cubins: {len(launches)} launches, {wrong} wrong" + (", dry: nothing was launched" if what == "dry" else ""))
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))

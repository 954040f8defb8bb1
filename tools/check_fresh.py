#!/usr/bin/env python3
"""Fresh models must pass: a net of 1,000 tensors of four types, initialised with many seeds and audited each time. Prints
how many runs were called odd and the smallest probability that any tensor got, which for honest tests is about one in
the number of tensors. Then files of trained weights, which no scheme may fit.

    check_fresh.py PROGRAM TEXT_TO_ONNX SEEDS [TRAINED.onnx...]
"""

import csv
import io
import pathlib
import subprocess
import sys
import tempfile

LAYERS = 100  # ten tensors each
NOT_FRESH = {"trained or other", "too few values"}


def layer(n):
    """Ten tensors: two matrices with bias, a convolution with its norm, an embedding-like table, an LSTM cell's W and R."""
    kind = ("float", "float16", "double", "bfloat16")[n % 4]
    wide = 8 + n % 25
    weights = [f"{kind}[{wide},32] a{n}", f"{kind}[{wide}] ab{n}", f"{kind}[32,{wide}] b{n}", f"{kind}[32] bb{n}",
               f"float[16,4,3,3] c{n}", f"float[16] s{n}", f"float[16] t{n}", f"float[16] m{n}", f"float[16] v{n}",
               f"float[{100 + n},32] e{n}"]
    nodes = [f"ah{n} = Gemm<transB = 1>(x{kind}, a{n}, ab{n})", f"ar{n} = {('Relu', 'Tanh')[n % 2]}(ah{n})",
             f"by{n} = Gemm<transB = 1>(ar{n}, b{n}, bb{n})",
             f"ch{n} = Conv(image, c{n})", f"cy{n} = BatchNormalization(ch{n}, s{n}, t{n}, m{n}, v{n})",
             f"ey{n} = Gather(e{n}, ids)"]
    outputs = [f"{kind}[N,32] by{n}", f"float[N,16,H,W] cy{n}", f"float[N,32] ey{n}"]
    return weights, nodes, outputs


def model_text():
    weights, nodes, outputs = zip(*map(layer, range(LAYERS)))
    flat = lambda lists: [item for some in lists for item in some]
    inputs = ", ".join(f"{kind}[N,32] x{kind}" for kind in ("float", "float16", "double", "bfloat16"))
    return ("<ir_version: 8, opset_import: [\"\" : 17]>\n"
            f"fresh ({inputs}, float[N,4,8,8] image, int64[N] ids) => ({', '.join(flat(outputs))})\n"
            f"<{', '.join(flat(weights))}>\n{{\n" + "\n".join("    " + node for node in flat(nodes)) + "\n}\n")


def audit(program, model, *options):
    done = subprocess.run([program, "audit", model, "--format", "csv", *options], capture_output=True, text=True)
    return done.returncode, list(csv.DictReader(io.StringIO(done.stdout)))


def check_seeds(program, maker, seeds, folder):
    model, fresh = folder / "model.onnx", folder / "fresh.onnx"
    model.write_bytes(subprocess.run([maker], input=model_text().encode(), capture_output=True, check=True).stdout)
    odd, tensors, least = 0, 0, 1.0
    for seed in range(seeds):
        subprocess.run([program, model, "-o", fresh, "--force", "--quiet", "--seed", str(seed)], check=True)
        code, rows = audit(program, fresh, "--check")
        odd += code != 0
        tensors += len(rows)
        least = min([least] + [float(row["probability"]) for row in rows if row["probability"]])
    print(f"fresh models of {tensors // max(seeds, 1):,} tensors, one a seed: {seeds}, called odd: {odd}")
    print(f"smallest probability of {tensors:,} tensors: {least:.1e}")
    return odd


def check_trained(program, models):
    wrong = 0
    print(f"\n{'TRAINED WEIGHTS':<60} {'TESTED':>7} {'FRESH':>6}")
    for model in models:
        rows = [row for row in audit(program, model)[1] if row["fit"] and "x" in row["shape"]
                and row["role"].endswith("weight") and row["measured_min"] != row["measured_max"]]
        fresh = [row["name"] for row in rows if row["fit"] not in NOT_FRESH]
        print(f"{pathlib.Path(model).name[-60:]:<60} {len(rows):>7} {len(fresh):>6}", *fresh[:3])
        wrong += len(fresh)
    return wrong


def main():
    program, maker, seeds, trained = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    with tempfile.TemporaryDirectory() as folder:
        wrong = check_seeds(program, maker, seeds, pathlib.Path(folder))
    if trained:
        wrong += check_trained(program, trained)
    else:
        print("SKIPPED: no trained models; TRAINED=\"FILE...\" names some")
    sys.exit(wrong > 0)


main()

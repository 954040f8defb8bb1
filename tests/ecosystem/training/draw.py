#!/usr/bin/env python3
"""Makes a picture and a table of the curves.

usage: draw.py CURVES.json PICTURE.svg PAGE.md...

In each page, what stands between the lines <!-- curves --> and <!-- /curves --> becomes the table.
"""
import json
import math
import re
import statistics
import sys

import nets

COLOURS = {"onnx-winit": "#0072b2", "torch-default": "#e69f00", nets.RANDOMIZER: "#009e73", "N(0,1)": "#d55e00",
           "zeros": "#777777"}
WIDTH, HEIGHT, GAP, TOP, COLUMNS = 190, 120, 34, 44, 5


def median_curve(runs, start):
    """The median over the seeds at each place, as far as every seed goes."""
    return [statistics.median(losses) for losses in zip(*(run[start]["losses"] for run in runs))]


def finals(runs, start):
    """The final losses of all seeds, None where a run came to nothing."""
    return [run[start]["final"] for run in runs]


def short(loss):
    """A loss for a table."""
    return f"{loss:.2g}" if loss < 0.1 else f"{loss:.2f}" if loss < 100 else f"{loss:,.0f}"


def panel(name, runs, places):
    """The drawing of one net: log loss over steps; what lies above the frame runs along its edge."""
    curves = {start: median_curve(runs, start) for start in nets.ALL_STARTS}
    low = math.log(min(min(curve) for curve in curves.values() if curve) * 0.8)
    high = math.log(2 * curves["zeros"][0])
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" class="frame"/>',
             f'<text x="0" y="-6" class="name">{nets.NETS[name][1]}</text>',
             f'<text x="{WIDTH - 3}" y="11" class="end">{short(math.exp(high))}</text>',
             f'<text x="{WIDTH - 3}" y="{HEIGHT - 4}" class="end">{short(math.exp(low))}</text>']
    for start in reversed(nets.ALL_STARTS):
        points = [(WIDTH * (i + 0.5) / places, HEIGHT * (high - min(max(math.log(loss), low), high)) / (high - low))
                  for i, loss in enumerate(curves[start]) if loss > 0]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" stroke="{COLOURS[start]}"/>')
    return parts


def picture(result):
    """The SVG text: a panel for each net, and which colour is which start."""
    names = [name for name in nets.NETS if name in result["nets"]]
    rows = -(-len(names) // COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP) - GAP + 20, TOP + rows * (HEIGHT + GAP)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
             "<style>polyline{fill:none;stroke-width:1.8}text{font-size:11px;fill:#222}.name{font-weight:bold}"
             ".end{text-anchor:end;fill:#777}.frame{fill:#fff;stroke:#bbb}</style>",
             f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for i, start in enumerate(nets.ALL_STARTS):
        lines.append(f'<g transform="translate({10 + i * 130} 12)"><polyline points="0,0 22,0" stroke="{COLOURS[start]}"/>'
                     f'<text x="27" y="4">{start}</text></g>')
    places = result["steps"] // result["stride"]
    for i, name in enumerate(names):
        runs = list(result["nets"][name]["seeds"].values())
        x, y = 10 + i % COLUMNS * (WIDTH + GAP), TOP + i // COLUMNS * (HEIGHT + GAP)
        lines += [f'<g transform="translate({x} {y})">', *panel(name, runs, places), "</g>"]
    return "\n".join(lines + ["</svg>", ""])


def table(result):
    """The markdown table: medians of the final losses, the best in bold."""
    lines = ["| net | task | " + " | ".join(nets.ALL_STARTS) + " |", "|---" * (2 + len(nets.ALL_STARTS)) + "|"]
    for name, (task, title) in nets.NETS.items():
        if name not in result["nets"]:
            continue
        runs = list(result["nets"][name]["seeds"].values())
        ends = {start: finals(runs, start) for start in nets.ALL_STARTS}
        medians = {start: statistics.median(math.inf if end is None else end for end in ends[start]) for start in ends}
        cells = ["no number" if math.isinf(value) else f"**{short(value)}**" if value == min(medians.values())
                 else short(value) for value in medians.values()]
        lines.append(f"| {title} | {task} | " + " | ".join(cells) + " |")
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    seeds = max(len(net["seeds"]) for net in result["nets"].values())
    return "\n".join(lines + ["", f"Mean loss of the last {result['last']} of {result['steps']} steps, median of {seeds}"
                              f" seeds; {result['optimizer']}, rate {result['rate']}; {versions}."])


def main():
    source, target, *pages = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        result = json.load(file)
    with open(target, "w", encoding="utf-8") as file:
        file.write(picture(result))
    for page in pages:
        with open(page, encoding="utf-8") as file:
            text = file.read()
        text, count = re.subn(r"(<!-- curves -->\n).*(<!-- /curves -->)",
                              lambda match: match[1] + table(result) + "\n" + match[2], text, flags=re.S)
        if count != 1:
            sys.exit(f"{page}: no place for the table")
        with open(page, "w", encoding="utf-8") as file:
            file.write(text)


main()

"""What the figures depend on."""
import datetime
import os
import platform
import subprocess


def first_line(*command):
    """What a program says first; empty when it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return ""


def peers(python):
    """Versions of the Python packages to compare with; None where there is none."""
    code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    found = {name: first_line(python, "-c", code, name) or None for name in ("numpy", "onnx", "torch")}
    return {**found, "python": first_line(python, "--version") or None}


def about(binary, python):
    """The machine, the CPU level that is chosen there, and all versions."""
    info = {}
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            key, _, value = line.partition(":")
            info.setdefault(key.strip(), value.strip())
    flags = set(info.get("flags", "").split())
    level = ("avx512" if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= flags
             else "avx2" if "avx2" in flags else "baseline")
    family = f" (family {info['cpu family']}, model {info['model']})" if "cpu family" in info else ""
    return {"cpu": info.get("model name", platform.machine()) + family, "level": level,
            "processors": os.cpu_count(), "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            "system": f"{platform.system()} {platform.release()}",
            "onnx-winit": first_line(binary, "--version"), "cp": first_line("cp", "--version"),
            **peers(python)}


def moment():
    """When, and what else the machine had to do."""
    return {"date": datetime.date.today().isoformat(), "load": round(os.getloadavg()[0], 2)}

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


class Python:
    """An interpreter, and the versions of what it has of the packages to compare with."""

    def __init__(self, path):
        code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
        found = {name: first_line(path, "-c", code, name) for name in ("numpy", "onnx", "torch")}
        self.path = path
        self.versions = {name: version for name, version in found.items() if version}
        self.lacks = [name for name, version in found.items() if not version]

    def __str__(self):
        return ", ".join([first_line(self.path, "--version"), *map(self.named, self.versions)])

    def named(self, package):
        """A package as tables name it."""
        return f"{package} {self.versions[package]}"


def about(binary, pythons):
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
            "peers": "; ".join(map(str, pythons))}


def moment():
    """When, and what else the machine had to do."""
    return {"date": datetime.date.today().isoformat(), "load": round(os.getloadavg()[0], 2)}

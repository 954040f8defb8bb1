"""System calls fail, are interrupted, or are the last thing that happens. Needs strace."""

import re
import signal

from box import FAST, MODELS, RUNS, SHIM, STRACE, Box, Fault, must

# What each call may fail with, beyond the errors that any may have.
COMMON = ["EIO"] if FAST else ["EIO", "ENOSPC", "EINTR", "ENOMEM"]
MORE = {
    "openat": ["EMFILE", "EACCES", "EROFS", "EDQUOT"],
    "open": ["EMFILE", "EACCES"],
    "fallocate": ["EDQUOT", "EOPNOTSUPP", "EFBIG"],
    "pwrite64": ["EDQUOT", "EFBIG"],
    "write": ["EDQUOT", "EFBIG", "EPIPE"],
    "fsync": ["EDQUOT", "EROFS"],
    "linkat": ["EEXIST", "EXDEV", "EDQUOT", "EPERM"],
    "rename": ["EXDEV", "EACCES"],
    "renameat2": ["EEXIST", "EXDEV", "EACCES", "EDQUOT"],
    "renameat": ["EXDEV", "EACCES"],
    "getrandom": ["EAGAIN", "ENOSYS"],
    "clone3": ["EAGAIN"],
    "openat2": ["ENOSYS", "EPERM", "EMFILE"],
}
# Injected into these, strace would break the C library, not the program.
SPARED = {"execve", "exit_group", "exit", "futex", "munmap", "rt_sigprocmask", "rt_sigreturn",
          "set_robust_list", "rseq", "sched_yield", "clock_nanosleep", "mprotect", "madvise", "+++",
          "---", "brk", "sched_getaffinity", "gettid", "getpid"}
# Interrupted, these are tried again. (Opening is interrupted on network file systems only; then the
# run fails as with any other error.)
MUST_SUCCEED = {"pread64", "pwrite64", "fallocate", "getrandom", "fsync", "close"}


def traced(box, *options):
    """The end of a run under strace, and the calls it made: all of them, in order."""
    trace = box.scratch / "trace"
    preload = [f"-ELD_PRELOAD={box.env['LD_PRELOAD']}"] if "LD_PRELOAD" in box.env else []
    env = {"LD_PRELOAD": ""} if preload else {}
    done = box.run("--threads", "2", env=env,
                   prefix=[STRACE, "-f", "-qq", "-o", str(trace), *preload, *options])
    lines = trace.read_text(errors="replace").splitlines()
    trace.unlink()
    return done, lines


def calls_of(box):
    """{call: (first number that is the program's own, number of calls)}. What comes before the
    model is opened is the loader's."""
    _, lines = traced(box)
    counts, first, own = {}, {}, False
    for line in lines:
        call = re.match(r"\d+ +(?:<\.\.\. )?(\w+|\+\+\+|---)", line).group(1)
        if "resumed>" in line or call in SPARED:
            continue
        counts[call] = counts.get(call, 0) + 1
        own = own or ('"in.onnx"' in line and call in ("openat", "open", "newfstatat"))
        if own:
            first.setdefault(call, counts[call])
    return {call: (first[call], counts[call]) for call in first}


def each_call(inject, codes_of, late_of):
    """Runs every kind of run with each call of it broken: inject(call) gives strace's words."""
    if not STRACE:
        return "SKIPPED: no strace"
    total = 0
    for name, settings in RUNS.items():
        box = Box(**settings)
        for call, (first, count) in sorted(calls_of(box).items()):
            for words in inject(call):
                for number in range(first, count + 1, 3 if FAST else 1):
                    box.reset()
                    done, _ = traced(box, "-e", f"inject={call}:{words}:when={number}")
                    try:
                        box.check(done.returncode, done.stderr, codes_of(call, words),
                                  late_of(call, box))
                    except Fault as fault:
                        raise Fault(f"{name}: {call} {number}: {words}: {fault}") from None
                    total += 1
        box.close()
    return total


def errors_of(call):
    return [f"error={e}" for e in dict.fromkeys(COMMON + ([] if FAST else MORE.get(call, [])))]


def system_calls():
    """each system call fails with each error that it may have"""

    def codes(call, words):
        if words == "error=EINTR" and call in MUST_SUCCEED:
            return {0}
        return {0, 2, 3, 5}

    # The output stands before its folder is flushed, its file is closed and the report is made.
    return each_call(errors_of, codes, lambda call, box: True)


class Killed(Box):
    """After a kill the folder is as it was, or new and whole; of two files the first may be there
    alone. Under a passing name a file may be left only where the system leaves no other way."""

    def check(self, code, text, codes, late=False):
        got = self.snapshot()
        must(code in codes, f"exit code {code}: {text}")
        for name, content in {**self.before, **got}.items():
            if name in self.before or name in self.after:
                must(got.get(name) in (self.before.get(name), self.after.get(name)),
                     f"{name} is neither old nor new")
        if got.get("out.onnx") == self.after["out.onnx"]:
            missing = {n for n in self.after if n not in got and not n.startswith("r.")}
            must(not missing, f"out.onnx came before {missing}")
        left = [n for n in got if n not in self.before and n not in self.after]
        passing = "--force" in self.arguments or "FAULTY_PLAIN" in self.env or any(
            n.startswith("r.") for n in self.after)
        must(len(left) <= passing, f"left behind: {left}")


def killed():
    """kill -9 at each system call"""
    return each_death("KILL", {0, -signal.SIGKILL, 128 + signal.SIGKILL}, Killed)


class Stopped(Box):
    """A signal that can be handled leaves nothing, but of two files the first may be complete."""

    def check(self, code, text, codes, late=False):
        got = self.snapshot()
        must(code in codes, f"exit code {code}: {text}")
        alone = {n: d for n, d in self.after.items() if n != "out.onnx" and not n.startswith("r.")}
        without_report = {n: d for n, d in self.after.items() if not n.startswith("r.")}
        must(got in (self.before, self.after, without_report) or
             got == {**self.before, **alone}, f"left behind: {sorted(set(got) - set(self.before))}")


def stopped():
    """SIGINT, SIGTERM and SIGHUP at each system call"""
    total = 0
    for name in ["TERM"] if FAST else ["INT", "TERM", "HUP"]:
        number = getattr(signal, f"SIG{name}")
        made = each_death(name, {0, -number, 128 + number}, Stopped)
        if isinstance(made, str):
            return made
        total += made
    return total


def each_death(name, codes, kind):
    if not STRACE:
        return "SKIPPED: no strace"
    total = 0
    for run, settings in RUNS.items():
        box = kind(**settings)
        for call, (first, count) in sorted(calls_of(box).items()):
            numbers = list(range(first, count + 1))
            for number in numbers[::4] if FAST else numbers:
                box.reset()
                done, _ = traced(box, "-e", f"inject={call}:signal={name}:when={number}")
                try:
                    box.check(done.returncode, done.stderr, codes)
                except Fault as fault:
                    raise Fault(f"{run}: {call} {number}: SIG{name}: {fault}") from None
                total += 1
        box.close()
    return total


def short_transfers():
    """reads and writes of one byte, of seven, and of half"""
    total = 0
    for model in sorted(p.name for p in MODELS.glob("*.onnx")):
        for arguments in (["-o", "out.onnx"], ["-o", "out.onnx", "--external", "always"]):
            box = Box(arguments, model)
            for most in ("half", "7", "1")[: 2 if FAST else 3]:
                for threads in ("1", "3"):
                    box.reset()
                    done = box.run("--threads", threads,
                                   env={"LD_PRELOAD": SHIM, "FAULTY_IO": most})
                    box.check(done.returncode, done.stderr, {0})
                    total += 1
            box.close()
    return total


TESTS = [system_calls, killed, stopped, short_transfers]

#!/usr/bin/env python3
"""zsh_offers.py FOLDER LINE WORD: types LINE and a tab into a zsh that completes from FOLDER; succeeds
when WORD comes. zsh completes on a terminal only, so it gets one."""
import os
import pty
import select
import sys
import time

folder, line, word = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="ready> ")
    os.execvp("zsh", ["zsh", "-f", "-i"])


def read_until(wanted, seconds=20):
    seen, end = "", time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
    return wanted in seen, seen


read_until("ready> ")
os.write(terminal, f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; echo lo''aded\n"
         .encode())
read_until("loaded")
os.write(terminal, f"{line}\t".encode())
found, seen = read_until(word)
os.write(terminal, b"\x15exit\n")
os.close(terminal)
os.waitpid(pid, 0)
if not found:
    sys.exit(f"zsh shows: {seen!r}")

# The table fits 80 columns and widens with the terminal; colour is for terminals, unless somebody says otherwise.
onnx-winit "$models/lstm_tagger.train.onnx" -o lstm.onnx --quiet
onnx-winit "$models/mlp_relu.train.onnx" -o model.onnx --quiet --seed 2
python3 - << 'END'
import fcntl, os, pty, struct, subprocess, termios

def run(columns, *arguments, **environment):
    """What the program shows on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm", **environment}
    process = subprocess.Popen(["onnx-winit", *arguments], stdin=subprocess.DEVNULL, stdout=theirs, env=environment)
    os.close(theirs)
    text = b""
    try:
        while piece := os.read(ours, 65536):
            text += piece
    except OSError:
        pass
    process.wait()
    return text.decode().replace("\r", "")

def table(text):
    return text.split("\n\n")[0].splitlines()

for command in "plan", "audit":
    for columns in 60, 80, 100, 140:
        lines = table(run(columns, command, "lstm.onnx", NO_COLOR="1"))
        print(command, columns, max(map(len, lines)) <= columns, len(lines), lines[0].split())
print("\n".join(table(run(80, "audit", "lstm.onnx", "--color", "never"))))
print("COLUMNS", table(run(60, "audit", "lstm.onnx", NO_COLOR="1", COLUMNS="140"))[0].split())
for name, columns, arguments, environment in (
        ("terminal", 80, (), {}), ("NO_COLOR", 80, (), {"NO_COLOR": "1"}), ("dumb", 80, (), {"TERM": "dumb"}),
        ("never", 80, ("--color", "never"), {}), ("always", 80, ("--color", "always"), {"NO_COLOR": "1"})):
    text = run(columns, "audit", "model.onnx", *arguments, **environment)
    print(name, "colour" if "\033[" in text else "plain", "\033[32mok" in text)
END
onnx-winit audit model.onnx | grep -c "$(printf '\033')" || true
onnx-winit audit model.onnx --color always | grep -c "$(printf '\033')"

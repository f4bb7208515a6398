# SPDX-License-Identifier: Apache-2.0
"""The prompt at a pseudo-terminal of its own, typed at as a person would. Every step waits for a text,
never for a time, so that a slow machine is slow and nothing else."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios

TIMEOUT = int(os.environ.get("PROMPT_TIMEOUT", "60"))  # seconds without the expected text
ENTER, TAB, UP, CTRL_C, CTRL_D = "\r", "\t", "\033[A", "\003", "\004"
PROMPT = "bandstand> "
ESCAPES = re.compile(r"\033\[[0-9;?]*[A-Za-z]|\033[=>]|\r")


class Failure(Exception):
    pass


def expect(holds, words):
    if not holds:
        raise Failure(words)


class Terminal:
    """The program at a terminal of its own."""

    def __init__(self, bandstand, folder, *operands, rows=24, columns=80, **env):
        self.folder = folder
        self.text = ""  # what came since the last look, without escape sequences
        self.all = b""
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm", "LANG": "C.UTF-8",
                       "PAGER": "cat", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
                       "UBSAN_OPTIONS": os.environ.get("UBSAN_OPTIONS", "")}
        environment.update({name: value for name, value in env.items() if value is not None})
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(bandstand, ["bandstand", "repl", *operands], environment)
        self.wait(PROMPT)

    def read(self):
        """More of the output; False at its end."""
        if not select.select([self.fd], [], [], TIMEOUT)[0]:
            raise Failure(f"nothing came for {TIMEOUT} s; so far: {self.text[-2000:]!r}")
        try:
            block = os.read(self.fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.all += block
        self.text += ESCAPES.sub("", block.decode("utf-8", "replace"))
        return bool(block)

    def wait(self, text):
        """Waits for [text] and returns what came up to its end."""
        while text not in self.text:
            if not self.read():
                raise Failure(f"ended without {text!r}; so far: {self.text[-2000:]!r}")
        at = self.text.index(text) + len(text)
        before, self.text = self.text[:at], self.text[at:]
        return before

    def type(self, keys):
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            data = data[os.write(self.fd, data):]

    def answer(self, keys):
        """Types a line and returns what is printed before the next prompt."""
        self.type(keys + ENTER)
        return self.wait(PROMPT)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self):
        """Reads to the end and returns the exit status; a signal's is negative."""
        while self.read():
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        self.pid = None
        return status

    def leave(self):
        self.type(CTRL_D)
        status = self.end()
        expect(status == 0, f"left with {status}")

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every example of the documentation.

usage: run_docs.py BANDSTAND [FILE...]      (without files: README.md, docs/ and examples/)

```console           Each line `$ command` is run and its output, errors included, compared with the
                     lines that follow; a line `...` stands for any lines. A command goes on over
                     lines that end in a backslash. All commands of a document share a folder that
                     holds copies of rules/ and examples/.
```prompt            A session at the prompt: `$ bandstand repl …`, or what goes on from the block above,
                     then lines behind `bandstand> ` and `...> ` with the answers below them, as for
                     console. An answer is an error as well as any other.
```rag [file=NAME] [fragment | error B101,B102]
                     A rule file, which `bandstand check` must find without errors, or with exactly
                     these codes; a fragment is not checked. With a name it is kept for what follows.
```csv file=NAME     A data file for what follows; json and jsonl likewise.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^( *)(```+|~~~+)\s*(.*?)\s*$")
CODE = re.compile(r"\berror (B\d{3}):", re.MULTILINE)
DATA = ("csv", "json", "jsonl")
TIMEOUT = 120


class Block:
    def __init__(self, line, info, lines):
        self.line = line
        self.language, _, rest = info.partition(" ")
        self.words = rest.replace(",", " ").split()
        self.lines = lines

    def file_name(self):
        names = [word[len("file="):] for word in self.words if word.startswith("file=")]
        return names[0] if names else None


def blocks(text):
    """The fenced blocks of a document, their indentation taken off."""
    found, fence, start, info, lines = [], None, 0, "", []
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if fence is None:
            if match:
                indent, fence, info = match.groups()
                start, lines = number, []
        elif match and match[2].startswith(fence) and not match[3]:
            found.append(Block(start, info, lines))
            fence = None
        else:
            lines.append(line[len(indent):] if line[:len(indent)].isspace() else line)
    if fence is not None:
        raise ValueError(f"line {start}: the fence is never closed")
    return found


def commands(block):
    """Pairs (line number, command, expected output lines) of a console block."""
    pairs, going_on = [], False
    for number, line in enumerate(block.lines, block.line + 1):
        if going_on:
            pairs[-1][1] += "\n" + line
        elif line.startswith("$ "):
            pairs.append([number, line[2:], []])
        elif pairs:
            pairs[-1][2].append(line)
            continue
        else:
            raise ValueError(f"line {number}: output before the first `$ command`")
        going_on = line.endswith("\\")
    return pairs


def entries(block):
    """The command that begins a session, or None, and triples (line number, entry, answer lines)."""
    command, found = None, []
    for number, line in enumerate(block.lines, block.line + 1):
        if line.startswith("$ "):
            command = line[2:]
        elif line.startswith("bandstand> "):
            found.append([number, line[len("bandstand> "):], []])
        elif found and line.startswith("      ...> ") and not found[-1][2]:
            found[-1][1] += "\n" + line[len("      ...> "):]
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            raise ValueError(f"line {number}: output before the first prompt")
    return command, found


def matches(expected, got):
    """Whether the lines agree; `...` in [expected] stands for any lines, or none."""
    # places: the positions in [got] that the expected lines so far can have reached.
    places = {0}
    for line in expected:
        if line.strip() == "...":
            places = set(range(min(places), len(got) + 1)) if places else set()
        else:
            places = {at + 1 for at in places if at < len(got) and got[at] == line.rstrip()}
    return len(got) in places


class Document:
    def __init__(self, path, program):
        self.path = path
        self.program = program
        self.passed = 0
        self.failures = []
        self.status = 0
        self.session, self.typed = None, []  # of the prompt: its command, what was typed so far
        self.environment = dict(os.environ, COLUMNS="100", LC_ALL="C.UTF-8", TERM="dumb",
                                PATH=f"{program.parent}:{os.environ['PATH']}")

    def result(self, line, wrong):
        if wrong:
            self.failures.append(f"{self.path}:{line}: {wrong}")
        else:
            self.passed += 1

    def call(self, arguments, folder, typed=""):
        return subprocess.run(arguments, cwd=folder, env=self.environment, timeout=TIMEOUT,
                              input=typed, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, encoding="utf-8",
                              errors="replace", check=False)

    def run_console(self, block, folder):
        for line, command, expected in commands(block):
            # The command before left its exit status, which `$?` may ask for.
            done = self.call(["bash", "-c", f"(exit {self.status})\n{command}"], folder)
            self.status = done.returncode
            got = [text.rstrip() for text in done.stdout.splitlines()]
            while expected and not expected[-1].strip() and (not got or got[-1]):
                expected.pop()
            wrong = None
            if not 0 <= done.returncode < 124:
                wrong = f"`{command}` ended with exit status {done.returncode}\n{done.stdout}"
            elif not matches(expected, got):
                wrong = f"`{command}` prints something else:\n" + "\n".join(
                    ["--- in the document"] + expected + ["--- printed"] + got)
            self.result(line, wrong)

    def run_prompt(self, block, folder):
        """Types all of the session so far, a sum behind each entry, whose answer parts the others."""
        command, found = entries(block)
        if command:
            self.session, self.typed = command, []
        if not self.session:
            raise ValueError(f"line {block.line}: no `$ bandstand repl` begins the session")
        self.typed += [entry for _, entry, _ in found]
        typed = ".bail off\n" + "".join(f"{entry}\n1234567 + 7654321\n" for entry in self.typed)
        done = self.call(["bash", "-c", self.session], folder, typed)
        answers = done.stdout.split("8888888\n")[:-1]
        if len(answers) != len(self.typed):
            self.result(block.line, f"{len(answers)} answers to {len(self.typed)} entries:\n"
                                    f"{done.stdout}")
            return
        for (line, entry, expected), answer in zip(found, answers[-len(found):]):
            got = [text.rstrip() for text in answer.splitlines()]
            while expected and not expected[-1].strip():
                expected.pop()
            wrong = None
            if not matches(expected, got):
                wrong = f"`{entry}` is answered in another way:\n" + "\n".join(
                    ["--- in the document"] + expected + ["--- printed"] + got)
            self.result(line, wrong)

    def run_rules(self, block, folder, name):
        expected = sorted(word for word in block.words if re.fullmatch(r"B\d{3}", word))
        known = {"error", "fragment", f"file={block.file_name()}", *expected}
        unknown = [word for word in block.words if word not in known]
        if unknown or bool(expected) != ("error" in block.words):
            self.result(block.line, f"the fence says `{' '.join(block.words)}`, not understood")
            return
        if "fragment" in block.words:
            return
        done = self.call([str(self.program), "check", name], folder)
        found = sorted(set(CODE.findall(done.stdout)))
        wrong = None
        if found != expected or done.returncode != (1 if expected else 0):
            wrong = f"check reports {found or 'no errors'}, the document says " \
                    f"{expected or 'no errors'} (exit status {done.returncode})\n{done.stdout}"
        self.result(block.line, wrong)

    def run_block(self, block, folder):
        name = block.file_name()
        if block.language == "rag" or (block.language in DATA and name):
            name = name or f"block_{block.line}.rag"
            target = (folder / name).resolve()
            if folder.resolve() not in target.parents:
                raise ValueError(f"line {block.line}: {name} lies outside the folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        if block.language == "console":
            self.run_console(block, folder)
        elif block.language == "prompt":
            self.run_prompt(block, folder)
        elif block.language == "rag":
            self.run_rules(block, folder, name)

    def run(self):
        try:
            found = blocks((TOP / self.path).read_text(encoding="utf-8"))
            with tempfile.TemporaryDirectory() as temporary:
                folder = pathlib.Path(temporary)
                for name in ("rules", "examples"):
                    if (TOP / name).is_dir():
                        shutil.copytree(TOP / name, folder / name)
                for block in found:
                    self.run_block(block, folder)
        except (ValueError, OSError, subprocess.TimeoutExpired) as problem:
            self.failures.append(f"{self.path}: {problem}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = pathlib.Path(sys.argv[1]).resolve()
    paths = sys.argv[2:] or [str(path.relative_to(TOP)) for pattern in
                             ("README.md", "docs/**/*.md", "examples/**/*.md")
                             for path in sorted(TOP.glob(pattern))]
    passed = failed = 0
    for path in paths:
        document = Document(path, program)
        document.run()
        passed += document.passed
        failed += len(document.failures)
        for failure in document.failures:
            print(f"FAIL {failure}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs annotated rule files.

usage: run_rules.py BANDSTAND FILE_OR_FOLDER...

At the end of a line, `# error B101` says that `bandstand check` reports that code on this line and
`# error B101 @7` on line 7; `# error B101, warning B205` says two. What is reported and what is
annotated must agree, one for one; notes only where the file annotates any. A file without an error annotation must pass `bandstand test`
as well if it has examples.
"""
import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
ONE = r"(?:error|warning|note) B\d{3}(?: @\d+)?"
ANNOTATION = re.compile(rf"#\s*({ONE}(?:\s*,\s*{ONE})*)\s*$")
PART = re.compile(r"(error|warning|note) (B\d{3})(?: @(\d+))?")
REPORT = re.compile(r"^(?:(?P<file>.+?):(?:(?P<line>\d+):)?(?:\d+:)? )?"
                    r"(?P<severity>error|warning|note) (?P<code>B\d{3}): ")
EXAMPLES = re.compile(r"^\s*examples\b", re.MULTILINE)
TIMEOUT = 60


def annotations(text):
    """Counter of (line, severity, code) that the file's comments expect."""
    expected = collections.Counter()
    for number, line in enumerate(text.split("\n"), 1):
        found = ANNOTATION.search(line.rstrip("\r"))
        for severity, code, at in PART.findall(found.group(1)) if found else []:
            expected[int(at) if at else number, severity, code] += 1
    return expected


def reports(stderr, path):
    """Counter of what was reported; what lies in another file carries that file's name."""
    seen = collections.Counter()
    for line in stderr.split("\n"):
        found = REPORT.match(line)
        if found:
            place = int(found["line"] or 0)
            if found["file"] is not None and os.path.normpath(found["file"]) != path:
                place = f"{found['file']}:{place}"
            seen[place, found["severity"], found["code"]] += 1
    return seen


def run(program, command, path):
    environment = dict(os.environ, COLUMNS="100", LC_ALL="C.UTF-8",
                       ASAN_OPTIONS="exitcode=99:allocator_may_return_null=1")
    return subprocess.run([program, command, path], cwd=TOP, env=environment, timeout=TIMEOUT,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          encoding="utf-8", errors="replace", check=False)


def complaints(program, path):
    """What is wrong with one file: a list of lines, empty when nothing is."""
    with open(TOP / path, encoding="utf-8", errors="replace", newline="") as source:
        text = source.read()
    expected = annotations(text)
    try:
        done = run(program, "check", path)
        wrong = []
        seen = reports(done.stderr, path)
        if not any(severity == "note" for _, severity, _ in expected):
            seen = collections.Counter({k: n for k, n in seen.items() if k[1] != "note"})
        for place, severity, code in sorted((expected - seen).elements(), key=str):
            wrong.append(f"line {place}: expected {severity} {code}, which check does not report")
        for place, severity, code in sorted((seen - expected).elements(), key=str):
            wrong.append(f"line {place}: check reports {severity} {code} unexpectedly")
        n_errors = sum(n for (_, severity, _), n in expected.items() if severity == "error")
        if done.returncode != (1 if n_errors else 0):
            wrong.append(f"check ended with exit status {done.returncode}")
        if wrong:
            wrong += ["    " + line for line in done.stderr.splitlines()]
        if n_errors == 0 and EXAMPLES.search(text):
            tested = run(program, "test", path)
            if tested.returncode != 0:
                wrong.append(f"test ended with exit status {tested.returncode}")
                wrong += ["    " + line for line in (tested.stdout + tested.stderr).splitlines()]
    except subprocess.TimeoutExpired as late:
        wrong = [f"{' '.join(late.cmd[1:])} took over {TIMEOUT} seconds"]
    return wrong


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    paths = []
    for name in sys.argv[2:]:
        place = TOP / name
        found = sorted(place.rglob("*.rag")) if place.is_dir() else [place]
        paths += [os.path.relpath(path, TOP) for path in found]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, wrong in zip(paths, pool.map(lambda path: complaints(program, path), paths)):
            if wrong:
                failed += 1
                print(f"FAIL {path}")
                for line in wrong:
                    print(f"  {line}")
    print(f"{len(paths) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not paths else 0)


if __name__ == "__main__":
    main()

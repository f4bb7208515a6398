#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Applies the suggestions of `bandstand check --fix` to faulty rule files.

usage: run_fix.py BANDSTAND FILE_OR_FOLDER...

For every rule file, in a copy of the checkout's rule files:
- --fix --dry-run changes no file and prints, as a diff, what --fix then does;
- --fix leaves no more errors than there were, and on no line an error that it was to take away;
- a second --fix changes nothing;
- a file without a suggestion that is safe stays as it is, to the byte.
"""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
TIMEOUT = 60


def run(folder, arguments):
    return subprocess.run(arguments, cwd=folder, timeout=TIMEOUT, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False,
                          env=dict(os.environ, LC_ALL="C.UTF-8",
                                   ASAN_OPTIONS="exitcode=99:allocator_may_return_null=1"))


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.rag"))}


def check(program, folder, path):
    done = run(folder, [program, "check", path, "--format", "json"])
    return json.loads(done.stdout) if done.returncode in (0, 1) else None


def copy(source, target):
    """Only rule files are written to; of everything else a link will do."""
    if source.endswith(".rag"):
        shutil.copyfile(source, target)
    else:
        os.symlink(source, target)


def patched(folder, diff, before):
    """The files as the diff says they become."""
    with tempfile.TemporaryDirectory() as temporary:
        copied = pathlib.Path(temporary) / "copy"
        shutil.copytree(folder, copied, symlinks=True)
        done = subprocess.run(["patch", "-p0", "--binary", "--quiet"], cwd=copied, input=diff,
                              capture_output=True, check=False)
        if done.returncode != 0:
            return None
        return {folder / path.relative_to(copied): text for path, text in contents(copied).items()
                if folder / path.relative_to(copied) in before}


def complaints(program, path):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "checkout"
        for name in ("rules", "tests/rules", "tests/cli", "examples"):
            shutil.copytree(TOP / name, folder / name, copy_function=copy)
        before, found = contents(folder), check(program, folder, path)
        if found is None:
            return []
        wrong = []
        safe = [f for f in found["findings"] if f["edit"] and f["edit"]["safe"]]
        dry = run(folder, [program, "check", path, "--fix", "--dry-run"])
        if contents(folder) != before:
            wrong.append("--dry-run changes a file")
        expected = patched(folder, dry.stdout, before) if dry.stdout else before
        fixed = run(folder, [program, "check", path, "--fix"])
        after = contents(folder)
        if expected is not None and after != expected:
            wrong.append("--fix does something else than --dry-run shows")
        if fixed.returncode not in (0, 1):
            wrong.append(f"--fix ends with exit status {fixed.returncode}: {fixed.stderr}")
        if bool(safe) != (after != before):
            wrong.append(f"{len(safe)} safe suggestions, and the file is "
                         f"{'the same' if after == before else 'changed'}")
        left = check(program, folder, path)
        if left["errors"] > found["errors"]:
            wrong.append(f"{found['errors']} errors before, {left['errors']} after")
        if any(f["edit"] and f["edit"]["safe"] for f in left["findings"]):
            wrong.append("a safe suggestion is left")
        run(folder, [program, "check", path, "--fix"])
        if contents(folder) != after:
            wrong.append("a second --fix changes something")
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
            failed += bool(wrong)
            for line in wrong:
                print(f"FAIL {path}: {line}")
    print(f"{len(paths) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not paths else 0)


if __name__ == "__main__":
    main()

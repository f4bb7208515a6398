#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generated expressions: `bandstand eval` against Python's fractions.

    tests/differential/eval_fractions.py build/release/bandstand [expressions] [seed]

Every expression is evaluated exactly while it is generated. A quotient by zero has no value, and
neither has anything that is made with it; the program names the reason.
"""
import json
import random
import subprocess
import sys
from fractions import Fraction
from math import floor

N_EXPRESSIONS = 5000
SEED = 20240229
DEEPEST = 5
MISSING = "zero denominator"
SHOWN = 10  # failures printed in full

# How tightly a form binds, loosest first; a part that binds less tightly than its place asks for
# is put in parentheses.
PERCENT, SUM, PRODUCT, UNARY, ATOM = range(5)


def round_half_away(x, decimals):
    scale = 10 ** decimals
    whole = floor(abs(x) * scale + Fraction(1, 2))
    return Fraction(whole if x >= 0 else -whole, scale)


def divide(x, y):
    return None if y == 0 else x / y


def apply(function, *values):
    """None stands for missing, which goes through everything."""
    return None if None in values else function(*values)


def bracket(part, least):
    text, strength, _ = part
    return text if strength >= least else f"({text})"


class Expressions:
    """Each method gives (text, binding strength, value)."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def literal(self):
        digits = self.random.choice([1, 1, 2, 2, 3, 5, 9, 18, 19, 25])
        text = str(self.random.randrange(10 ** digits))
        if self.random.random() < 0.5:
            decimals = self.random.choice([1, 1, 2, 2, 3, 6, 12, 20])
            text += "." + str(self.random.randrange(10 ** decimals)).zfill(decimals)
        return text, ATOM, Fraction(text)

    def small(self):
        text = str(self.random.randrange(4))
        return text, ATOM, Fraction(text)

    def binary(self, depth):
        operator = self.random.choice("+-*/")
        strength = SUM if operator in "+-" else PRODUCT
        left, right = self.expression(depth), self.expression(depth)
        function = {"+": Fraction.__add__, "-": Fraction.__sub__, "*": Fraction.__mul__,
                    "/": divide}[operator]
        text = f"{bracket(left, strength)} {operator} {bracket(right, strength + 1)}"
        return text, strength, apply(function, left[2], right[2])

    def negation(self, depth):
        part = self.expression(depth)
        return f"-{bracket(part, ATOM)}", UNARY, apply(Fraction.__neg__, part[2])

    def percent(self, depth):
        left, right = self.expression(depth), self.expression(depth)
        text = f"{bracket(left, ATOM)} as percent of {bracket(right, ATOM)}"
        value = apply(lambda x, y: divide(x * 100, y), left[2], right[2])
        return text, PERCENT, value

    def absolute(self, depth):
        part = self.expression(depth)
        return f"abs({part[0]})", ATOM, apply(abs, part[2])

    def extreme(self, depth):
        left, right = self.expression(depth), self.expression(depth)
        name, function = self.random.choice([("min", min), ("max", max)])
        return f"{name}({left[0]}, {right[0]})", ATOM, apply(function, left[2], right[2])

    def rounding(self, depth):
        part = self.expression(depth)
        decimals = self.random.choice([0, 0, 1, 1, 2, 3, 6, 12, 18, 19, 20])
        value = apply(lambda x: round_half_away(x, decimals), part[2])
        return f"round({part[0]}, {decimals})", ATOM, value

    def expression(self, depth):
        if depth == 0 or self.random.random() < 0.15:
            return self.small() if self.random.random() < 0.2 else self.literal()
        form = self.random.choices(
            [self.binary, self.negation, self.absolute, self.extreme, self.rounding],
            [10, 2, 1, 2, 2])[0]
        return form(depth - 1)

    def whole(self):
        """`as percent of` makes a percentage, which not every other operation takes."""
        depth = self.random.randint(1, DEEPEST)
        form = self.percent if self.random.random() < 0.2 else self.expression
        text, _, value = form(depth)
        return text, value


def complaint(answer, value):
    """What is wrong with the program's answer; None when nothing is."""
    if "error" in answer:
        return f"error {answer['error'].get('code')}: {answer['error'].get('message')}"
    if "value" not in answer:
        return "neither a value nor an error"
    if value is None or answer["value"] is None:
        seen = answer.get("missing") if answer["value"] is None else answer["value"]
        expected = MISSING if value is None else value
        return None if seen == expected else f"{seen}, expected {expected}"
    text = answer["value"]
    if not isinstance(text, str):
        return f"the value {text!r} is not a text"
    seen = Fraction(text)
    if seen != value:
        return f"{text}, expected {value}"
    plain = text.lstrip("-")
    if "/" in text and text != str(value):
        return f"{text} is not in lowest terms"
    if "." in plain and plain.endswith("0") or text == "-0":
        return f"{text} has needless zeros or a needless sign"
    return None


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    n = int(sys.argv[2]) if len(sys.argv) > 2 else N_EXPRESSIONS
    expressions = Expressions(int(sys.argv[3]) if len(sys.argv) > 3 else SEED)
    cases = [expressions.whole() for _ in range(n)]
    run = subprocess.run([sys.argv[1], "eval", "--batch", "--format", "json"], text=True,
                         input="".join(text + "\n" for text, _ in cases), capture_output=True)
    lines = run.stdout.splitlines()
    failures = []
    for i, (text, value) in enumerate(cases):
        try:
            wrong = complaint(json.loads(lines[i]), value)
        except IndexError:
            wrong = "no answer"
        except (ValueError, AttributeError, ZeroDivisionError) as error:
            wrong = f"answer not understood ({error}): {lines[i][:200]}"
        if wrong:
            failures.append(f"FAILED {text}\n       {wrong}")
    if len(lines) > n:
        failures.append(f"FAILED {len(lines)} answers to {n} expressions")
    for failure in failures[:SHOWN]:
        print(failure)
    if len(failures) > SHOWN:
        print(f"... and {len(failures) - SHOWN} more")
    if failures and run.stderr:
        print(run.stderr[:2000])
    print(f"{max(n - len(failures), 0)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

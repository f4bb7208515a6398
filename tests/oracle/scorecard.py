#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges the scorecard of May 2023 without Bandstand, in fractions, to compare with

    bandstand run rules/scorecard_2023.rag examples/scorecard/scorecard_2023_05.csv \
        --format csv --columns kpi,entity,period,status,missing

Without an option prints those columns, of the 32 rows, the five domains and the whole. --overrides
gives the rows that the rules do not explain their published status, as the file of overrides does, and
tells in a column `computed` what they and the groups above them would be without; --table prints the rows of examples/scorecard/README.md,
--limits how far each limit can move without changing an answer.
"""
import csv
import sys
from fractions import Fraction
from pathlib import Path

DATA = Path(__file__).parents[2] / "examples" / "scorecard" / "scorecard_2023_05.csv"

LEVELS = {"1": "good", "2": "concerning", "3": "not_improving"}

# Row: (KPI, kind). A count names the row of its rate.
ROWS = {
    "1": ("contacts", "low"),
    "2": ("referrals", "4"),
    "3": ("contact_conversion", "low"),
    "4": ("referral_rate", "low"),
    "5": ("assessments", "6"),
    "6": ("assessment_rate", "low"),
    "7": ("cin_plans", "low"),
    "8": ("section_47", "9"),
    "9": ("section_47_rate", "low"),
    "10": ("protection_plans", "11"),
    "11": ("protection_plan_rate", "low"),
    "12": ("cared_for", "13"),
    "13": ("cared_for_rate", "low"),
    "14": ("contacts_in_24_hours", "practice"),
    "15": ("assessed_in_45_days", "practice"),
    "16": ("conferences_in_15_days", "practice"),
    "17": ("cin_visited", "practice"),
    "18": ("protection_visited", "practice"),
    "19": ("cared_for_visited", "practice"),
    "20": ("cin_plans_authorised", "practice"),
    "21": ("re_referrals", "low"),
    "22": ("no_further_action", "low"),
    "23": ("repeat_protection_plans", "low"),
    "24": ("case_supervision", "practice"),
    "25": ("management_oversight", "practice"),
    "26": ("average_caseload", "low"),
    "27": ("vacancies", "low"),
    "28": ("agency_staff", "low"),
    "29": ("sickness_absence", "low"),
    "30": ("three_placements", "low"),
    "31": ("three_social_workers", "low"),
    "32": ("care_experienced_eet", "high"),
}

LIMITS = {
    "distance": Fraction(29),
    "floor": Fraction(70),
    "good": Fraction(85),
    "leap": Fraction(10),
}


def figure(text):
    text = text.strip().rstrip("%")
    return None if text in ("", "-") else Fraction(text)


def judge_practice(value, previous, limits):
    if value >= limits["good"]:
        return "good", "level"
    if value >= limits["floor"]:
        return "concerning", "level"
    if previous is not None and value - previous >= limits["leap"]:
        return "concerning", "leap"
    return "not_improving", "level"


def judge(rows, row, limits):
    """The status (None: no data) and which rule gave it."""
    value = figure(rows[row]["current"])
    if value is None:
        return None, "no figure"
    kind = ROWS[row][1]
    if kind.isdigit():
        return judge(rows, kind, limits)[0], f"as row {kind}"
    sign = -1 if kind == "low" else 1
    previous = figure(rows[row]["previous"])
    neighbours = figure(rows[row]["stat_neighbour_avg"])
    gap = None if neighbours is None else sign * (value - neighbours)
    if gap is not None and -100 * gap > limits["distance"] * abs(neighbours):
        return "not_improving", "distance"
    if kind == "practice":
        return judge_practice(value, previous, limits)
    holds = previous is not None and sign * (value - previous) >= 0
    if gap is not None and gap > 0 and holds:
        return "good", "better and holding"
    return "concerning", "otherwise"


def judge_all(rows, **changed):
    limits = {**LIMITS, **changed}
    return {row: judge(rows, row, limits) for row in rows}


# The domains as the document spells them, and the names of their groups.
DOMAINS = {
    "Demand": "demand",
    "Timelessness": "timeliness",
    "Effectiveness": "effectiveness",
    "Management": "management",
    "Outcomes": "outcomes",
}


def weight(rows, row):
    """A half for a count, for the rate it follows, and for a row without a yardstick."""
    kind = ROWS[row][1]
    pair = kind.isdigit() or any(k == row for _, k in ROWS.values())
    yardstick = kind == "practice" or figure(rows[row]["stat_neighbour_avg"]) is not None
    return Fraction(1) if yardstick and not pair else Fraction(1, 2)


def roll_up(members):
    """The status of a group of (status, weight); a missing status counts as concerning."""
    total = sum(w for _, w in members)
    share = {level: sum(w for s, w in members if s == level) / total for level in LEVELS.values()}
    if share["not_improving"] >= Fraction(1, 2):
        return "not_improving"
    if share["good"] >= Fraction(1, 2) and share["not_improving"] == 0:
        return "good"
    return "concerning"


def judge_groups(rows, statuses):
    """The statuses of the domains and of the whole from those of the rows."""
    groups = {name: roll_up([(statuses[row], weight(rows, row))
                             for row in rows if rows[row]["domain"] == domain])
              for domain, name in DOMAINS.items()}
    return {**groups, "whole": roll_up([(s, Fraction(1)) for s in groups.values()])}


def print_statuses(rows):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["kpi", "entity", "period", "status", "missing"])
    statuses = {row: status for row, (status, _) in judge_all(rows).items()}
    for row, status in statuses.items():
        out.writerow([ROWS[row][0], "Sefton", "2023-05", status or "no data",
                      "" if status else "not available"])
    for name, status in judge_groups(rows, statuses).items():
        out.writerow([name, "Sefton", "2023-05", status, ""])


def print_overridden(rows):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["kpi", "status", "computed"])
    computed = {row: status for row, (status, _) in judge_all(rows).items()}
    final = {row: LEVELS[rows[row]["status"]] for row in rows}
    by_hand = {row for row in rows if final[row] != computed[row]}
    for row in rows:
        out.writerow([ROWS[row][0], final[row],
                      (computed[row] or "no data") if row in by_hand else ""])
    touched = {DOMAINS[rows[row]["domain"]] for row in by_hand} | {"whole"}
    without = judge_groups(rows, computed)
    for name, status in judge_groups(rows, final).items():
        out.writerow([name, status, without[name] if name in touched else ""])


def print_table(rows):
    number = {level: n for n, level in LEVELS.items()}
    n_agree = 0
    for row, (status, rule) in judge_all(rows).items():
        r = rows[row]
        computed = number.get(status, "no data")
        agree = computed == r["status"]
        n_agree += agree
        cells = [row, ROWS[row][0], r["previous"] or " ", r["current"] or " ",
                 r["stat_neighbour_avg"] or " ", r["status"],
                 computed if agree else f"**{computed}**", rule]
        print("| " + " | ".join(cells) + " |")
    print(f"\n{n_agree} of {len(rows)} agree")


def print_limits(rows):
    """The whole limits that give the same 32 answers, the other limits as they are."""
    def answers(limits):
        return [status for status, _ in judge_all(rows, **limits).values()]

    for name, limit in LIMITS.items():
        same = []
        for n in range(101):
            limits = {**LIMITS, name: Fraction(n)}
            if limits["floor"] <= limits["good"] and answers(limits) == answers(LIMITS):
                same.append(n)
        print(f"{name}: {limit}, same answers from {min(same)} to {max(same)}")


def main():
    with open(DATA, newline="", encoding="utf-8") as f:
        rows = {r["id"]: r for r in csv.DictReader(f)}
    assert list(rows) == list(ROWS), "the scorecard's rows are not those of this script"
    actions = {"": print_statuses, "--overrides": print_overridden, "--table": print_table,
               "--limits": print_limits}
    actions[sys.argv[1] if len(sys.argv) > 1 else ""](rows)


if __name__ == "__main__":
    main()

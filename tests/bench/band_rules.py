#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: band_rules.py THRESHOLDS.csv > band.rag

Writes the rules of the band job from its thresholds table (kpi,polarity,t1,t2,t3,tol): a value as
given or else recomputed from its counts, four bands, a comparator with a tolerance, a status.
Holds what the jobs of series (direction.py, history.py, peers.py) share, too.
"""
import csv
import sys
from fractions import Fraction

SCALES = '''scale grade "Band"
  inadequate           "Inadequate"
  requires_improvement "Requires Improvement"
  good                 "Good"
  outstanding          "Outstanding"
end

scale rag "Status"
  red
  amber
  green
end
'''

HEAD = SCALES + '''
input observations "Band job"
  layout long
  entity column "entity"
  period column "period"
  metric column "kpi"
  value  column "value"
  field  numerator   column "numerator"
  field  denominator column "denominator"
  field  comparator  column "comparator"
  missing "" as not available
end
'''

KPI = '''
metric {name} {label} percent from id {label}

kpi {name} {label}
  value     {name} else round({name}.numerator as percent of {name}.denominator, 1)
  precision 1 decimal
  good is   {polarity}
  compare   comparator = {name}.comparator
  bands grade
    outstanding          {outstanding}
    good                 {good}
    requires_improvement {requires_improvement}
    inadequate           {inadequate}
  end
  status rag
    red   when grade is inadequate
    red   when grade is requires_improvement and over {tol} points worse than comparator, if known
    amber when grade is requires_improvement
    amber when over {tol} points worse than comparator, if known
    green otherwise
  end
end
'''


def bands(polarity, t1, t2, t3):
    if polarity == "high":
        return {"outstanding": f"{t1}+", "good": f"{t2} to below {t1}",
                "requires_improvement": f"{t3} to below {t2}", "inadequate": f"<{t3}"}
    return {"outstanding": f"<{t1}", "good": f"{t1} to below {t2}",
            "requires_improvement": f"{t2} to below {t3}", "inadequate": f"{t3}+"}


def series_head(label):
    """The scales, and the input block of the jobs whose figures are direction.py's."""
    return SCALES + f'''
input figures "{label}"
  layout long
  entity column "entity"
  period column "period"
  metric column "kpi"
  value  column "value"
  missing "c" as suppressed
end
'''


SERIES_KPI = '''
metric {name} "{label}" percent from id "{label}"

kpi {name} "{label}" like {pattern}
  good is {polarity}
{clauses}  bands grade
    outstanding          {outstanding}
    good                 {good}
    requires_improvement {requires_improvement}
    inadequate           {inadequate}
  end
end
'''


def series_rules(head, pattern, clauses=""):
    """Rules with a KPI for each of gen.py's, like [pattern]; in [clauses] {name} is its name."""
    import gen  # of the folder with the band job
    out = [head]
    for i, (kpi, polarity, *cuts, _) in enumerate(gen.thresholds(), 1):
        name = f"k{i:02}"
        out.append(SERIES_KPI.format(name=name, label=kpi, polarity=polarity, pattern=pattern,
                                     clauses=clauses.format(name=name),
                                     **bands(polarity, *map(gen.dp, cuts))))
    return "".join(out)


def band(cuts, high, value):
    """(how many cuts the value misses, its band)"""
    n_missed = sum(value < c if high else value >= c for c in cuts)
    return n_missed, ("Outstanding", "Good", "Requires Improvement", "Inadequate")[n_missed]


def polarity_and_cuts(thresholds):
    """By KPI: whether high is good, and the cuts."""
    return {kpi: (polarity == "high", [Fraction(t, 10) for t in cuts])
            for kpi, polarity, *cuts, _ in thresholds}


def main(path):
    out = [HEAD]
    with open(path, newline="") as f:
        for i, row in enumerate(csv.DictReader(f), 1):
            label = '"%s"' % row["kpi"].replace('"', '""')
            out.append(KPI.format(name=f"k{i:02}", label=label, polarity=row["polarity"], tol=row["tol"],
                                  **bands(row["polarity"], row["t1"], row["t2"], row["t3"])))
    sys.stdout.write("".join(out))


if __name__ == "__main__":
    main(*sys.argv[1:])

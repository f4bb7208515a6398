#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_oracles.sh BANDSTAND [DFE_FOLDER]
# Compares every result of the shipped rules with computations of its own in tests/oracle, which
# share no code with the program and use fractions. The DfE's whole file is judged too where the
# folder of source data is at hand; where not, that is said and counts as nothing.
set -u
bandstand=$1
dfe=${2:-../shared/data/dfe_csc}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

same() { # NAME EXPECTED ACTUAL: the same lines, in any order, and more than the heading
    if [ "$(wc -l <"$2")" -gt 1 ] && diff <(sort "$2") <(sort "$3") >"$tmp/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        head -20 "$tmp/diff"
    fi
}

compare() { # ORACLE RULES DATA COLUMNS
    python3 "tests/oracle/$1.py" >"$tmp/expected"
    "$bandstand" run "$2" "$3" --format csv --columns "$4" >"$tmp/actual"
    same "$1" "$tmp/expected" "$tmp/actual"
}

compare_itself() { # ORACLE, which runs Bandstand and ends with status 0 where all is equal
    if python3 "tests/oracle/$1.py" "$bandstand" >"$tmp/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        head -20 "$tmp/said"
    fi
}

compare rereferrals examples/rereferrals/rereferrals.rag examples/rereferrals/rereferrals.csv \
    kpi,entity,period,ofsted,status,missing
compare scorecard rules/scorecard_2023.rag examples/scorecard/scorecard_2023_05.csv \
    kpi,entity,period,status,missing

# The same with the overrides, domains and the whole included.
python3 tests/oracle/scorecard.py --overrides >"$tmp/expected"
"$bandstand" run rules/scorecard_2023.rag examples/scorecard/scorecard_2023_05.csv \
    --overrides rules/scorecard_2023_overrides.rag --format csv --columns kpi,status,computed >"$tmp/actual"
same "scorecard with overrides" "$tmp/expected" "$tmp/actual"

compare improvement_plan rules/improvement_plan.rag examples/improvement_plan/figures.csv \
    kpi,entity,period,ofsted,status,missing

# Whose status is by hand, and what it would be.
compare_itself overrides

# What check finds in a published table, against a list made by hand.
compare_itself plan_faults

# Means, ranks and quartiles among everyone and among peers.
compare_itself peers

# The charts of the A&E example, every limit and level.
compare_itself spc

# The line that `why` cites, and the nearest change that it tells, for every result.
compare_itself why

whole=$dfe/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv
if [ -r "$whole" ]; then
    # The whole file holds England and the regions too, which the extract leaves out. The rules go
    # two folders deep, as the example is, so that what they use is found.
    mkdir -p build/oracle
    sed 's/^  layout .*/&\n  where geographic_level is "Local authority"/' \
        examples/rereferrals/rereferrals.rag >build/oracle/whole_file.rag
    python3 tests/oracle/rereferrals.py >"$tmp/expected"
    "$bandstand" run build/oracle/whole_file.rag "$whole" --format csv \
        --columns kpi,entity,period,ofsted,status,missing >"$tmp/actual"
    same "the DfE's whole file" "$tmp/expected" "$tmp/actual"
    if python3 tests/tools/extract_rereferrals.py --check "$dfe" >"$tmp/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat "$tmp/out"
    fi
else
    echo "the DfE's files are not in $dfe: the whole file is not judged"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]

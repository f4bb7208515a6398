#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_diag_coverage.sh
# Every finding about rule files (B0xx to B6xx and B8xx) is tried by a test: its code stands in an
# annotation of tests/rules, or in what a case of tests/cli is expected to print.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
export LC_ALL=C.UTF-8
passed=0 failed=0
tried=$(grep -arhoE '(error|warning|note) B[0-9]{3}' tests/rules tests/cli --include='*.rag' \
    --include=stdout --include=stderr | sort -u)
while read -r code severity; do
    if grep -qx "$severity $code" <<<"$tried"; then
        passed=$((passed + 1))
    else
        echo "$severity $code is tried by no test in tests/rules or tests/cli"
        failed=$((failed + 1))
    fi
done < <(sed -nE 's/^DIAG\([A-Z0-9_]+, "(B[0-68][0-9]{2})", SEVERITY_([A-Z]+),.*/\1 \L\2/p' \
    runtime/base/diagnostics.def)
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))

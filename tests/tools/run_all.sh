#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_all.sh RELEASE_FOLDER ASAN_FOLDER
# Runs the suites and adds up. A suite is a command whose last line is `N passed, N failed`; one
# that ends in any other way counts as a failure. The sum is the last line, alone.
set -u
export LC_ALL=C.UTF-8
export ASAN_OPTIONS=exitcode=99:allocator_may_return_null=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# The suites that call make see the variables that the caller set, not its jobs.
[[ ${MAKEFLAGS-} == *" -- "* ]] && MAKEFLAGS="-- ${MAKEFLAGS##* -- }" || MAKEFLAGS=
export MAKEFLAGS
release=$1 asan=$2
tools=tests/tools
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
passed=0 failed=0

suite() {
    local name=$1 status started=$SECONDS
    shift
    "$@" >"$log" 2>&1
    status=$?
    local last p f
    last=$(tail -n 1 "$log")
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]}
        if ((status != 0 && f == 0)); then
            echo "$name: exit status $status though no test failed" >>"$log"
            f=1
        fi
    else
        echo "$name: ended with exit status $status and no count" >>"$log"
        p=0 f=1
    fi
    ((f == 0)) || cat "$log"
    printf '%-28s %6d passed %4d failed %4d s\n' "$name" "$p" "$f" $((SECONDS - started))
    passed=$((passed + p)) failed=$((failed + f))
}

suite "layers" $tools/check_layers.sh
suite "symbols" $tools/check_symbols.sh "$release"/libbandstand.{a,so}
suite "keywords" $tools/check_keywords.sh
suite "findings tried" $tools/check_diag_coverage.sh
suite "traps tested" $tools/check_traps.sh
suite "build" $tools/check_build.sh
suite "install" $tools/check_install.sh release
suite "unit" $tools/run_units.sh "$release"/tests/unit/*_test
suite "unit, sanitizers" $tools/run_units.sh "$asan"/tests/unit/*_test
suite "command" tests/run_cli.sh "$release/bandstand"
suite "command, sanitizers" tests/run_cli.sh "$asan/bandstand"
suite "prompt" tests/prompt/run_prompt.py "$release/bandstand"
suite "prompt, sanitizers" tests/prompt/run_prompt.py "$asan/bandstand"
suite "rule files" tests/run_rules.py "$release/bandstand" tests/rules rules examples
suite "rule files, sanitizers" tests/run_rules.py "$asan/bandstand" tests/rules rules examples
suite "documentation" tests/run_docs.py "$release/bandstand"
suite "pages of the findings" tests/run_pages.py "$release/bandstand"
suite "suggestions applied" tests/run_fix.py "$release/bandstand" tests/rules tests/cli
suite "error index" $tools/check_errors_doc.sh "$release/bandstand"
suite "differential" $tools/run_differential.sh "$release/bandstand"
suite "independent answers" $tools/run_oracles.sh "$release/bandstand"
suite "fuzz inputs, sanitizers" $tools/run_replay.sh "$asan"/tests/fuzz/*.replay

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))

#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run_cli.sh [--bless] BANDSTAND [CASE...]
#
# Runs each tests/cli/<case>/cmd with sh and compares what it prints and its exit status with the
# files stdout, stderr and status beside it; an absent file stands for no output, or status 0.
# --bless writes those files instead, but never for a command that ended by a signal or under a
# sanitizer's report.
#
# A cmd starts in its own folder and finds: bandstand on PATH and as $BANDSTAND, the checkout as
# $TOP, an empty folder of its own as $TMP. Both folders' names are shown as TOP and TMP.
set -u
bless=no
if [[ ${1-} == --bless ]]; then
    bless=yes
    shift
fi
BANDSTAND=$(realpath -- "$1") || exit 2
shift
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export BANDSTAND TOP bless work
export PATH=${BANDSTAND%/*}:$PATH LC_ALL=C.UTF-8 COLUMNS=100 TERM=dumb TZ=UTC
export ASAN_OPTIONS=exitcode=99:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1
unset NO_COLOR CLICOLOR_FORCE

run_case() {
    local name=$1 dir=$TOP/tests/cli/$1 got=$work/$1 status file expected
    export TMP=$got/tmp
    mkdir -p "$TMP"
    (cd "$dir" && exec timeout 120 sh ./cmd >"$got/out" 2>"$got/err" </dev/null)
    status=$?
    sed "s|$TMP|TMP|g; s|$TOP|TOP|g" "$got/out" >"$got/stdout"
    sed "s|$TMP|TMP|g; s|$TOP|TOP|g" "$got/err" >"$got/stderr"
    : >"$got/status"
    ((status == 0)) || echo "$status" >"$got/status"
    if ((status >= 99)); then
        echo "CRASH $name: exit status $status"
        cat "$got/stderr"
        echo failed >"$got/result"
        return
    fi
    echo passed >"$got/result"
    for file in stdout stderr status; do
        expected=$dir/$file
        if [[ $bless == yes ]]; then
            if [[ -s $got/$file ]]; then cp "$got/$file" "$expected"; else rm -f "$expected"; fi
            continue
        fi
        [[ -e $expected ]] || expected=/dev/null
        if ! diff -u --label "$name/$file expected" --label "$name/$file" \
            "$expected" "$got/$file"; then
            echo failed >"$got/result"
        fi
    done
}
export -f run_case

if (($# > 0)); then
    cases=("$@")
else
    mapfile -t cases < <(cd "$TOP/tests/cli" && find . -name cmd -printf '%h\n' | sed 's|^\./||' | sort)
fi
# Each case prints in one piece, so that cases side by side do not mix.
printf '%s\0' "${cases[@]}" | xargs -0 -P "$(nproc)" -I{} \
    bash -c 'text=$(run_case "$1" 2>&1); [[ -z $text ]] || printf "%s\n" "$text"' - {}
passed=0 failed=0
for name in "${cases[@]}"; do
    if [[ $(cat "$work/$name/result" 2>/dev/null) == passed ]]; then
        passed=$((passed + 1))
    else
        echo "FAIL $name"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
((failed == 0))

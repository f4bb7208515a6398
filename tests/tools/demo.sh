#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: demo.sh BANDSTAND
# The children's services scorecard of May 2023, judged, each status with its reason.
set -eu
run() {
    printf '\n$ %s\n' "$*" | sed "s|$bandstand|bandstand|"
    "$@"
}
bandstand=$1
run "$bandstand" run rules/scorecard_2023.rag examples/scorecard/scorecard_2023_05.csv --why

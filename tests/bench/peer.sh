#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: peer.sh IN THRESHOLDS OUT: Bandstand as a peer of the band job. The rules are written from
# the thresholds once and kept beside them, as a team would keep its rule file.
set -eu
rules=${2%.csv}.rag
[ "$rules" -nt "$2" ] || python3 "$BAND_RULES" "$2" >"$rules"
"$BANDSTAND" run "$rules" "$1" --format csv --columns entity,label,period,value,grade,status --output "$3"

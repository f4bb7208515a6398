#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BENCH_FOLDER [JOB...]
# Makes the data of the jobs (all of them unless named: see README.md), holds the answers against
# those expected, runs the programs in interleaved rounds and prints one table. BENCH_FOLDER holds
# the band job (gen.py, oracle.py, peers/); it is copied, so that it stays as it is.
# ROUNDS (3), PEERS of the band job, and WORK, the folder of data and outputs, can be set.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
bench=$(cd "$1" && pwd)
shift
all="band-1M band-10M wide direction history peers series-growth kpis6000 jsonl json-out gz small startup growth"
jobs=${*:-$all}
rounds=${ROUNDS:-3}
peers=${PEERS:-hand-scalar-1t hand-simd-1t luajit-ffi duckdb-1t duckdb polars-1t polars mawk}
work=${WORK:-/dev/shm/bandjob}
mkdir -p "$work"
make -s -C "$top"
export PATH=$top/build/release:$PATH MODE=exact LC_ALL=C

# Everything below is named from the work folder, so that no command holds a path.
cd "$work"
mkdir -p bench
cp -r "$bench/." bench
chmod -R u+w bench
cp "$here"/*.sql "$here/duckdb_sql.js" bench/peers
export PYTHONPATH=$work/bench
: >plan
out=out.csv

# ---- Bandstand ----------------------------------------------------------------------------------
columns=entity,label,period,value,grade,status
in_order=()
if bandstand help run | grep -q -e --order; then
    in_order=(--in-order)
fi

# judge THREADS RULES FIGURES OUT: the command
judge() {
    echo "bandstand run $2 $3 --format csv ${in_order[0]:+--order data --threads $1}" \
        "--columns $columns --output $4"
}

# same EXPECTED RULES FIGURES
same() {
    sh -c "$(judge 2 "$2" "$3" actual.csv)" >counts
    python3 "$here/same_answers.py" "${in_order[@]}" "$1" actual.csv
}

# ---- the plan -----------------------------------------------------------------------------------
# The first line of a job is what the others are measured against.
# plan JOB NAME ROWS REPEATS COMMAND
plan() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>plan
}

# plan_bandstand JOB ROWS RULES FIGURES
plan_bandstand() {
    if [ ${#in_order[@]} -eq 0 ]; then
        plan "$1" bandstand "$2" 1 "$(judge 1 "$3" "$4" $out)"
        return
    fi
    for n in 1 2; do
        plan "$1" "bandstand-${n}t" "$2" 1 "$(judge "$n" "$3" "$4" $out)"
    done
}

# plan_by_kpi JOB ROWS RULES FIGURES: the rows in the order of the KPIs
plan_by_kpi() {
    for n in 1 2; do
        plan "$1" "bandstand-${n}t" "$2" 1 "bandstand run $3 $4 --format csv --threads $n \
--columns $columns --output $out"
    done
}

# plan_peers JOB ROWS FIGURES THRESHOLDS EXPECTED FIGURES_OF_EXPECTED PEER...: those that are there
# and give the expected answers. One that is not there is left out, a wrong answer ends the run.
plan_peers() {
    local job=$1 rows=$2 figures=$3 thresholds=$4 expected=$5 sample=$6
    shift 6
    for peer; do
        rm -f peer.csv
        if sh "bench/peers/$peer.sh" "$sample" "$thresholds" peer.csv >counts 2>peer.err; then
            echo -n "$job, ${peer#"$job"-}: "
            python3 bench/verify.py "$expected" peer.csv
            plan "$job" "${peer#"$job"-}" "$rows" 1 "sh bench/peers/$peer.sh $figures $thresholds $out"
        else
            echo "$job, $peer: left out: $(tail -n 1 peer.err)" >&2
        fi
    done
}

# plan_duckdb JOB ROWS FIGURES THRESHOLDS EXPECTED FIGURES_OF_EXPECTED: with JOB.sql
plan_duckdb() {
    for threads in 1 2; do
        echo "THREADS=$threads exec node bench/peers/duckdb_sql.js bench/peers/$1.sql \"\$@\"" \
            >"bench/peers/$1-duckdb-${threads}t.sh"
    done
    plan_peers "$@" "$1-duckdb-1t" "$1-duckdb-2t"
}

# ---- data ---------------------------------------------------------------------------------------
n_rows() {
    case $1 in
    *k) echo "${1%k}000" ;;
    *M) echo "${1%M}000000" ;;
    esac
}

# make_file FILE COMMAND...: its output, once
make_file() {
    [ -s "$1" ] || { "${@:2}" >"$1.part" && mv "$1.part" "$1"; }
}

# Beyond a million rows the months of gen.py come again, and a figure that is there twice is an
# error: let them run on instead.
long_generator() {
    sed -e 's|(2015 + (m + 3) // 12, (m + 3) % 12 + 1) for m in range(132)|(1950 + m // 12, m % 12 + 1) for m in range(1100)|' \
        -e 's|months\[m % 132\]|months[m]|' bench/gen.py >bench/gen_long.py
    if ! grep -q 'range(1100)' bench/gen_long.py || ! grep -q 'months\[m\]' bench/gen_long.py; then
        echo "run.sh: gen.py has changed: the months of the large file cannot be made longer" >&2
        exit 1
    fi
}

# figures SIZE: SIZE.csv
figures() {
    local n
    n=$(n_rows "$1")
    if [ "$n" -gt 1000000 ]; then
        long_generator
        [ -s "$1.csv" ] || python3 bench/gen_long.py "$n" "$1.csv"
    else
        [ -s "$1.csv" ] || python3 bench/gen.py "$n" "$1.csv"
    fi
}

# The sample, its exact answers, and what the job's peers are built from.
setup() {
    [ -s thresholds.csv ] || python3 bench/gen.py --thresholds thresholds.csv
    python3 "$here/band_rules.py" thresholds.csv >band.rag
    figures 100k
    python3 bench/oracle.py 100k.csv thresholds.csv expected.csv >counts
    rm -f bench/peers/hand/thr.h
    make -s -k -C bench/peers/hand THR="$work/thresholds.csv" hand-scalar hand-simd || true
    [ -d bench/peers/node_modules ] || (cd bench/peers && npm install --silent) || true
}

# ---- jobs ---------------------------------------------------------------------------------------
# job_band SIZE. Where Bandstand keeps the order of the figures the whole file is compared too.
job_band() {
    local job=band-$1 n
    n=$(n_rows "$1")
    figures "$1"
    same expected.csv band.rag 100k.csv
    # shellcheck disable=SC2086 # words
    plan_peers "$job" "$n" "$1.csv" thresholds.csv expected.csv 100k.csv $peers
    plan_bandstand "$job" "$n" band.rag "$1.csv"
    if [ ${#in_order[@]} -gt 0 ] && [ -x bench/peers/hand/hand-scalar ]; then
        bash bench/peers/hand-scalar-1t.sh "$1.csv" thresholds.csv whole.csv >counts
        same whole.csv band.rag "$1.csv"
        rm whole.csv
    fi
}

job_wide() {
    python3 "$here/wide.py" thresholds >wide_thresholds.csv
    python3 "$here/wide.py" rules >wide.rag
    python3 "$here/wide.py" data 2 >wide_sample.csv
    make_file wide.csv python3 "$here/wide.py" data 120
    python3 "$here/wide.py" long wide_sample.csv >wide_long.csv
    python3 bench/oracle.py wide_long.csv wide_thresholds.csv wide_expected.csv >counts
    same wide_expected.csv wide.rag wide_sample.csv
    plan_duckdb wide 1824000 wide.csv wide_thresholds.csv wide_expected.csv wide_sample.csv
    plan_bandstand wide 1824000 wide.rag wide.csv
}

job_direction() {
    local columns=entity,label,period,value,direction,grade,status
    python3 "$here/direction.py" rules >direction.rag
    python3 "$here/direction.py" data 6 >direction_sample.csv
    make_file direction.csv python3 "$here/direction.py" data 120
    python3 "$here/direction.py" expect direction_sample.csv >direction_expected.csv
    same direction_expected.csv direction.rag direction_sample.csv
    plan_duckdb direction 1094400 direction.csv thresholds.csv \
        direction_expected.csv direction_sample.csv
    plan_bandstand direction 1094400 direction.rag direction.csv
}

job_history() {
    local columns=entity,label,period,value,year_mean,direction,variation,grade,status
    python3 "$here/history.py" rules >history.rag
    python3 "$here/direction.py" data 24 by-month >history_sample.csv
    make_file history.csv python3 "$here/direction.py" data 120 by-month
    python3 "$here/history.py" expect history_sample.csv >history_expected.csv
    same history_expected.csv history.rag history_sample.csv
    plan_duckdb history 1094400 history.csv thresholds.csv history_expected.csv history_sample.csv
    plan_by_kpi history 1094400 history.rag history.csv
}

job_peers() {
    local columns=entity,label,period,value,neighbours_mean,grade,status
    python3 "$here/peers.py" rules >peers.rag
    python3 "$here/peers.py" neighbours >neighbours.csv
    python3 "$here/direction.py" data 6 by-month >peers_sample.csv
    make_file history.csv python3 "$here/direction.py" data 120 by-month
    python3 "$here/peers.py" expect peers_sample.csv >peers_expected.csv
    same peers_expected.csv peers.rag peers_sample.csv
    plan_duckdb peers 1094400 history.csv thresholds.csv peers_expected.csv peers_sample.csv
    plan_by_kpi peers 1094400 peers.rag history.csv
}

# The jobs of series with one thread, and with ten times the months.
job_series_growth() {
    local columns=entity,label,period,value,year_mean,direction,variation,grade,status
    make_file history.csv python3 "$here/direction.py" data 120 by-month
    make_file history10.csv python3 "$here/direction.py" data 1200 by-month
    python3 "$here/history.py" rules >history.rag
    python3 "$here/peers.py" rules >peers.rag
    python3 "$here/peers.py" neighbours >neighbours.csv
    plan_growth history history.rag
    columns=entity,label,period,value,neighbours_mean,grade,status
    plan_growth peers peers.rag
}

# plan_growth NAME RULES
plan_growth() {
    local n command
    for n in "" 10; do
        command="bandstand run $2 history$n.csv --format csv --threads 1 --columns $columns --output $out"
        plan "$1-growth" "${n:-1}x the months" $((1094400 * ${n:-1})) 1 "$command"
    done
}

kpis6000_data() {
    figures 1M
    [ -s kpis6000.csv ] ||
        python3 "$here/more_kpis.py" thresholds.csv 1M.csv kpis6000_thresholds.csv kpis6000.csv
    python3 "$here/band_rules.py" kpis6000_thresholds.csv >kpis6000.rag
}

job_kpis6000() {
    kpis6000_data
    python3 "$here/more_kpis.py" thresholds.csv 100k.csv kpis6000_thresholds.csv kpis6000_sample.csv
    python3 bench/oracle.py kpis6000_sample.csv kpis6000_thresholds.csv kpis6000_expected.csv >counts
    same kpis6000_expected.csv kpis6000.rag kpis6000_sample.csv
    plan_peers kpis6000 1000000 kpis6000.csv kpis6000_thresholds.csv \
        kpis6000_expected.csv kpis6000_sample.csv mawk duckdb-1t duckdb
    plan_bandstand kpis6000 1000000 kpis6000.rag kpis6000.csv
}

# plan_form JOB EXTENSION: the file of the band job in another form against the plain CSV
plan_form() {
    same expected.csv band.rag "100k.$2"
    plan "$1" csv 1000000 1 "$(judge 1 band.rag 1M.csv $out)"
    plan_bandstand "$1" 1000000 band.rag "1M.$2"
}

job_jsonl() {
    figures 1M
    for size in 100k 1M; do
        make_file "$size.jsonl" python3 "$here/to_jsonl.py" "$size.csv"
    done
    plan_form jsonl jsonl
}

job_gz() {
    figures 1M
    for size in 100k 1M; do
        make_file "$size.csv.gz" gzip -c "$size.csv"
    done
    plan_form gz csv.gz
}

job_json_out() {
    local command="bandstand run band.rag 100k.csv --format json --output"
    $command actual.json >counts
    python3 "$here/same_answers.py" expected.csv actual.json
    plan json-out csv 100000 1 "$(judge 1 band.rag 100k.csv $out)"
    plan json-out json 100000 1 "$command $out"
}

job_small() {
    head -n 1001 100k.csv >small.csv
    python3 bench/oracle.py small.csv thresholds.csv small_expected.csv >counts
    same small_expected.csv band.rag small.csv
    plan small mawk 1000 100 \
        "mawk -v THR=thresholds.csv -v OUT=$out -v MODE=exact -f bench/peers/band.awk small.csv"
    plan small bandstand 1000 100 "$(judge 1 band.rag small.csv $out)"
}

job_startup() {
    plan startup true 1 500 /bin/true
    plan startup bandstand 1 500 "bandstand eval -e 1"
}

job_growth() {
    figures 10M
    kpis6000_data
    figures 10k
    plan growth "10k rows, 60 KPIs" 10000 20 "$(judge 1 band.rag 10k.csv $out)"
    plan growth "1M rows, 60 KPIs" 1000000 1 "$(judge 1 band.rag 1M.csv $out)"
    plan growth "10M rows, 60 KPIs" 10000000 1 "$(judge 1 band.rag 10M.csv $out)"
    plan growth "1M rows, 6,000 KPIs" 1000000 1 "$(judge 1 kpis6000.rag kpis6000.csv $out)"
}

setup
for job in $jobs; do
    case $job in
    band-*) job_band "${job#band-}" ;;
    json-out) job_json_out ;;
    series-growth) job_series_growth ;;
    *) "job_$job" ;;
    esac
done
python3 "$here/measure.py" plan "$rounds" $out

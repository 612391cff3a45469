#!/bin/sh
# Counts, with callgrind, how many more instructions real and synthetic programs execute while a sampled profile is
# recorded. Times of a machine with company vary by more than a profile costs; counts hardly vary. Not counted are
# what the kernel does, and the periodic figures: the clock starts them, in a program that is 50 times as slow here.
# As slow, no program reaches the limit of samples in a second, so aligned gets the interval to which its own grows.
#
#     bench/sampled.sh [PROGRAM...]
#
# A program takes some minutes. Those with threads or child processes are left out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
inputs=$root/bench/workloads
library=$root/artifacts/native/linux-x64/libquarry.so
[ -f "$library" ] || { echo "$library is missing: dotnet build" >&2; exit 1; }
command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }
[ $# -gt 0 ] || set -- sqlite python python-malloc lua perl gcc mix trees strings aligned zeroed fragment containers

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints the instructions of a program on libquarry.so, with the environment variables given first.
count() {
    LD_PRELOAD=$library valgrind --tool=callgrind --callgrind-out-file="$work/out" "$@" >/dev/null 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
    callgrind_annotate --inclusive=yes --threshold=100 "$work/out" |
        awk '{ gsub(/[^0-9]/, "", $1) }
            /PROGRAM TOTALS/ { all = $1 }
            /Quarry_Malloc_ProfileUpdates__Write / { updates = $1 }
            END { printf "%.0f\n", all - updates }'
}

compare() {
    name=$1
    shift
    plain=$(count "$@")
    conf=profile:sampled,profile_max:4G,sample:${interval:-512K}
    sampled=$(QUARRY_PROFILE="$work/profile" QUARRY_CONF=$conf count "$@")
    rm -f "$work"/profile.*
    awk -v name="$name" -v plain="$plain" -v sampled="$sampled" \
        'BEGIN { printf "| %s | %.0f million | %.3f |\n", name, plain / 1e6, sampled / plain }'
}

synthetic() {
    name=$1
    shift
    compiler=gcc source=$inputs/$name.c
    [ -f "$source" ] || compiler=g++ source=$inputs/$name.cpp
    $compiler -O2 -fno-builtin-malloc -pthread -o "$work/$name" "$source"
    compare "$name" "$work/$name" "$@"
}

export PYTHONHASHSEED=0 PERL_HASH_SEED=0
python=$(python3 -c 'import sys; print(sys.executable)')
echo "| program | instructions | sampled |"
echo "|---|--:|--:|"
for program; do
    case $program in
    sqlite) compare sqlite sqlite3 :memory: ".read $inputs/sqlite.sql" ;;
    python) compare python "$python" "$inputs/python.py" ;;
    python-malloc)
        export PYTHONMALLOC=malloc
        compare python-malloc "$python" "$inputs/python.py"
        unset PYTHONMALLOC
        ;;
    lua) compare lua lua5.4 "$inputs/lua.lua" ;;
    perl) compare perl perl "$inputs/perl.pl" ;;
    gcc)
        awk -v functions=60 -f "$inputs/generate-c.awk" >"$work/large_source.c"
        compare gcc "$(gcc -print-prog-name=cc1)" -quiet -O2 -o "$work/large.s" "$work/large_source.c"
        ;;
    mix) synthetic mix 4000000 ;;
    trees) synthetic trees 20 ;;
    strings) synthetic strings 2 ;;
    aligned)
        interval=8M
        synthetic aligned 1200000
        unset interval
        ;;
    zeroed) synthetic zeroed 3000 ;;
    fragment) synthetic fragment 1 ;;
    containers) synthetic containers 4 ;;
    *) echo "unknown program: $program" >&2; exit 1 ;;
    esac
done

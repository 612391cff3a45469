#!/bin/sh
# Walks the stack inside of malloc in real programs, at each 16th allocation, and prints how many stacks were
# complete, how many were the same as those of libgcc's unwinder (a tenth of them is compared), their depth, and
# the time of a walk.
#
#     dotnet build tests/Quarry.Stacks && bench/stacks.sh [PROGRAM...]
#
# STACKS_MAPPINGS=1 asks the kernel for modules instead of the C library; STACKS_EVERY is the interval.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
native=$root/artifacts/native/linux-x64
inputs=$root/bench/workloads
[ -f "$native/libquarry-stacks.so" ] ||
    { echo "libquarry-stacks.so is missing: dotnet build tests/Quarry.Stacks" >&2; exit 1; }
[ $# -gt 0 ] || set -- sqlite3 git python3 perl cc1 gdb redis-server node dotnet csc

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -shared -fPIC -o "$work/libstacks.so" "$root/bench/stacks.c" \
    -L"$native" -lquarry-stacks -Wl,-rpath,"$native"
export STACKS_OUT="$work" STACKS_EVERY="${STACKS_EVERY:-16}" STACKS_COMPARE="${STACKS_COMPARE:-10}"
run="env LD_PRELOAD=$work/libstacks.so"

# Runs a workload; its output is not of interest, its failure is.
start() {
    (cd "$work" && "$@") >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
}

workload() {
    case $1 in
    sqlite3) start $run sqlite3 :memory: ".read $inputs/sqlite.sql" ;;
    git)
        start git clone -q --bare "$root" repository
        start $run git --git-dir="$work/repository" log -p
        ;;
    python3) start $run "$(python3 -c 'import sys; print(sys.executable)')" "$inputs/python.py" ;;
    perl) start $run perl "$inputs/perl.pl" ;;
    cc1)
        awk -v functions=40 -f "$inputs/generate-c.awk" >"$work/large.c"
        start $run gcc -O2 -c -o large.o large.c
        ;;
    gdb)
        # Reads debug information, and fails in between: errors of gdb are C++ exceptions.
        awk -v functions=400 -f "$inputs/generate-c.awk" >"$work/large.c"
        start gcc -g -c -o large.o large.c
        start $run gdb -batch -nx -ex 'print missing' -ex 'info scope missing' -ex 'info functions' \
            -ex 'info types' -ex 'maint expand-symtabs' -ex 'info variables' large.o
        ;;
    redis-server) start sh "$inputs/redis.sh" "$work" $run ;;
    node) start $run node "$inputs/node.js" ;;
    dotnet)
        start sh "$inputs/dotnet.sh" prepare "$work" 10
        start sh "$inputs/dotnet.sh" run "$work" $run
        ;;
    csc)
        sdk=$(dotnet --list-sdks | tail -1 | sed 's/\(.*\) \[\(.*\)\]/\2\/\1/')
        set -- "$(dirname "$sdk")"/../packs/Microsoft.NETCore.App.Ref/*/ref/net*
        for folder; do :; done
        mkdir -p "$work/classes"
        start awk -v classes=20 -f "$inputs/generate-cs.awk"
        for assembly in "$folder"/*.dll; do echo "-reference:$assembly"; done >"$work/csc.rsp"
        start $run dotnet "$sdk/Roslyn/bincore/csc.dll" -noconfig -nostdlib -nullable -target:library \
            -out:classes.dll @csc.rsp -recurse:'classes/*.cs'
        ;;
    *) echo "no workload for $1" >&2; return 1 ;;
    esac
}

printf '| program | stacks | depth | complete | as libgcc | time of a walk |\n'
printf '|---|--:|--:|--:|--:|--:|\n'
for program in "$@"; do
    # Files are named by the program that runs.
    case $program in
    cc1) needed=gcc name=cc1 ;;
    csc) needed=dotnet name=dotnet ;;
    *) needed=$program name=$program ;;
    esac
    command -v "$needed" >/dev/null || { echo "$needed is not installed" >&2; continue; }
    rm -f "$work/$name".*
    workload "$program" || continue
    # libgcc stops at the first frame of code that a JIT has compiled.
    cat "$work/$name".* | awk -v program="$program" '
        /^#/ { print > "/dev/stderr"; next }
        { stacks += $1; frames += $2; complete += $3; truncated += $4; compared += $6; same += $7
          time += $8 * $1 }
        END {
            same = program ~ /^(node|dotnet|csc)$/ || !compared ? "-" : sprintf("%.2f %%", 100 * same / compared)
            printf "| %s | %d | %.1f | %.2f %% | %s | %.0f ns |\n", program, stacks, frames / stacks,
                100 * (complete + truncated) / stacks, same, time / stacks
        }'
done

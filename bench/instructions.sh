#!/bin/sh
# Counts the instructions of a pair of malloc and free with callgrind, loop and calls through the PLT
# included. Unlike times, the counts are the same on every machine and in every run; the difference of a run
# of N pairs and one of 2 N drops what the program does once.
#
#     instructions.sh [LIBRARY | NAME=LIBRARY...]
#
# Without arguments: glibc, those of the known allocators that are installed, and the libquarry.so built here.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
pairs=100000

command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }
command -v gcc >/dev/null || { echo "gcc is missing: apt-get install gcc" >&2; exit 1; }

if [ $# -eq 0 ]; then
    set -- libc.so.6
    for name in libjemalloc.so.2 libmimalloc.so.3 libmimalloc.so.2 libtcmalloc_minimal.so.4 librpmalloc.so \
        libsnmallocshim.so; do
        found=$(PATH=$PATH:/sbin ldconfig -p | awk -v name="$name" '$1 == name { print $NF; exit }')
        [ -z "$found" ] || set -- "$@" "$found"
    done
    quarry=$root/artifacts/native/linux-x64/libquarry.so
    [ ! -f "$quarry" ] || set -- "$@" "$quarry"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -fno-builtin-malloc -o "$work/pair" "$root/bench/workloads/pair.c"

# The count of one run. The loader only warns of a library that it cannot load, and would count glibc instead.
count() {
    LD_PRELOAD=${1#*=} valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/pair" "$2" "$3" \
        >/dev/null 2>"$work/log" || { echo failed; return; }
    awk '/cannot be preloaded/ { failed = 1 }
        /Collected/ { n = $NF }
        END { print failed ? "failed" : n }' "$work/log"
}

per_pair() {
    once=$(count "$1" "$2" $pairs)
    twice=$(count "$1" "$2" $((2 * pairs)))
    case "$once $twice" in
    *failed*) echo - ;;
    *) awk "BEGIN { printf \"%.1f\", ($twice - $once) / $pairs }" ;;
    esac
}

printf '%-28s %10s %22s\n' 'instructions a pair' 'malloc(24)' '1000 of 16-136 bytes'
for library in "$@"; do
    printf '%-28s %10s %22s\n' "$(basename "${library%%=*}")" \
        "$(per_pair "$library" fixed)" "$(per_pair "$library" mixed)"
done

#!/bin/sh
# Prints what stays resident after memory was freed, and the longest single calls, as a table of Markdown: a
# row for each case of workloads/residency.c, a column for each allocator.
#
#     residency.sh [-c "CASE..."] [LIBRARY | NAME=LIBRARY...]
#
# Without libraries: glibc, those of the known allocators that are installed, and the libquarry.so built here.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cases=
if [ "${1:-}" = -c ]; then
    cases=$2
    shift 2
fi

if [ $# -eq 0 ]; then
    quarry=$root/artifacts/native/linux-x64/libquarry.so
    [ ! -f "$quarry" ] || set -- "$quarry"
    set -- "$@" libc.so.6
    for name in libjemalloc.so.2 libmimalloc.so.3 libmimalloc.so.2 libtcmalloc_minimal.so.4 librpmalloc.so; do
        found=$(PATH=$PATH:/sbin ldconfig -p | awk -v name="$name" '$1 == name { print $NF; exit }')
        [ -z "$found" ] || set -- "$@" "$found"
    done
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -fno-builtin-malloc -pthread -o "$work/residency" "$root/bench/workloads/residency.c"
[ -n "$cases" ] || cases=$("$work/residency")

printf '| case |'
for library in "$@"; do
    case $library in
    *=*) name=${library%%=*} ;;
    *) name=$(basename "$library" | sed 's/\.so.*//; s/^lib//; s/^c$/glibc/') ;;
    esac
    printf ' %s |' "$name"
done
printf '\n|---|'
for library in "$@"; do printf -- '--:|'; done
printf '\n'
for case in $cases; do
    printf '| %s |' "$case"
    for library in "$@"; do
        printf ' %s |' "$(LD_PRELOAD=${library#*=} "$work/residency" "$case" 2>/dev/null || echo failed)"
    done
    printf '\n'
done

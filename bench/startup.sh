#!/bin/sh
# Prints the methods of libquarry.so that small programs execute. The build places those in startup.txt
# side by side, so that such a program maps few pages of code.
#
#     startup.sh [PROGRAM [ARGUMENT...]] > src/Quarry.Malloc/startup.txt
#
# Without arguments: first those of ls -l /, then what programs with threads and growing blocks execute as
# well.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
library=$root/artifacts/native/linux-x64/libquarry.so
command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm "$library.debug" > "$work/symbols"
touch "$work/printed"

# Prints the methods that a program executes, without those that were printed before.
methods() {
    LD_PRELOAD=$library valgrind --tool=callgrind --callgrind-out-file="$work/calls" --compress-strings=no \
        --compress-pos=no "$@" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
    # The functions that C calls have a second name, by which callgrind may report them.
    sed -n "s/^c\{0,1\}fn=//p" "$work/calls" | sed "s/'[0-9]*$//" | LC_ALL=C sort -u > "$work/executed"
    # Valgrind hides the vDSO, in which a process looks for the clock.
    printf 'libquarry_Quarry_Os_Linux__%s\n' FindFunction FindDynamic >> "$work/executed"
    awk '
        NR == FNR { executed[$0] = 1; next }
        { names[$1] = names[$1] " " $3; if ($3 in executed) wanted[$1] = 1 }
        END {
            for (address in wanted) {
                count = split(names[address], name, " ")
                for (i = 1; i <= count; i++) if (name[i] ~ /^libquarry_/) print name[i]
            }
        }' "$work/executed" "$work/symbols" | LC_ALL=C sort -u > "$work/methods"
    grep -vxF -f "$work/printed" "$work/methods" > "$work/new" || true
    cat "$work/new"
    cat "$work/new" >> "$work/printed"
}

workload() {
    program=$work/$1
    gcc -O2 -fno-builtin-malloc -pthread -o "$program" "$root/bench/workloads/$1.c"
    shift
    methods "$program" "$@"
}

echo "# Methods that many processes execute, those of the start first; the build places them side by side."
echo "# Names of methods that are gone have no effect. Written by bench/startup.sh."
if [ $# -gt 0 ]; then
    methods "$@"
else
    methods ls -l /
    workload server 2 6 30000
    workload strings 1
    workload mix 600000
fi

#!/bin/sh
# Prints the methods of libquarry.so that a small program executes. The build places those in startup.txt
# side by side, so that such a program maps few pages of code.
#
#     startup.sh [PROGRAM [ARGUMENT...]] > src/Quarry.Malloc/startup.txt
#
# Without arguments: ls -l /, which also resizes and frees blocks.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
library=$root/artifacts/native/linux-x64/libquarry.so
command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }
[ $# -gt 0 ] || set -- ls -l /

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LD_PRELOAD=$library valgrind --tool=callgrind --callgrind-out-file="$work/calls" --compress-strings=no \
    --compress-pos=no "$@" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }

echo "# Methods that nearly every process executes; the build places them side by side. Names of methods"
echo "# that are gone have no effect. Written by bench/startup.sh."

# The functions that C calls have a second name, by which callgrind may report them.
sed -n "s/^c\{0,1\}fn=//p" "$work/calls" | sed "s/'[0-9]*$//" | LC_ALL=C sort -u > "$work/executed"
# Valgrind hides the vDSO, in which a process looks for the clock.
printf 'libquarry_Quarry_Os_Linux__%s\n' FindFunction FindDynamic >> "$work/executed"
nm "$library.debug" | awk '
    NR == FNR { executed[$0] = 1; next }
    { names[$1] = names[$1] " " $3; if ($3 in executed) wanted[$1] = 1 }
    END {
        for (address in wanted) {
            count = split(names[address], name, " ")
            for (i = 1; i <= count; i++) if (name[i] ~ /^libquarry_/) print name[i]
        }
    }' "$work/executed" - | LC_ALL=C sort -u

#!/usr/bin/env bash
# Runs programs that were not written for the heap on the stock collector and in the mode collect, and compares
# their output, exit codes and files. Prints a Markdown table.
#
#     tests/managed/programs/run.sh [--install] [--budget HEX] [NAME...]
#
# --install gets the tools from NuGet (gigabytes). --budget sets the bytes between two young collections.
# The exit code is 77 if a library is to be run, and NuGet does not serve the packages.
set -u
folder=$(cd "$(dirname "$0")" && pwd)
REPOSITORY=$(cd "$folder/../../.." && pwd)
WORK=${QUARRY_PROGRAMS:-$REPOSITORY/artifacts/tests/programs}
TOOLS=${QUARRY_TOOLS:-$WORK/tools}
INPUT=$WORK/input
RUNTIME=$(dotnet --list-runtimes | awk '/^Microsoft.NETCore.App 10/ { gsub(/[][]/, "", $3); print $3 "/" $2 }' | tail -1)
SDK=$(dotnet --list-sdks | awk '{ gsub(/[][]/, "", $2); print $2 "/" $1 }' | tail -1)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 POWERSHELL_TELEMETRY_OPTOUT=1 DOTNET_ROLL_FORWARD=Major
export REPOSITORY WORK TOOLS INPUT RUNTIME SDK
# shellcheck source=programs.sh
. "$folder/programs.sh"

budget=
install=
while [ $# -gt 0 ]; do
    case $1 in
        --install) install=1 ;;
        --budget) budget=$2; shift ;;
        *) break ;;
    esac
    shift
done

if [ -n "$install" ]; then
    for tool in $versions; do
        dotnet tool install "${tool%=*}" --version "${tool#*=}" --tool-path "$TOOLS" >/dev/null ||
            echo "not installed: $tool" >&2
    done
fi

all=$(declare -F | awk '{ print $3 }' | grep -vx 'make_input\|make_libraries\|library\|run_one\|describe')
make_input

# The libraries are programs of one line, and need packages.
for name in ${*:-$all}; do
    if declare -f "$name" | grep -q '^ *library '; then
        make_libraries || exit
        break
    fi
done

# Runs a program in a folder of its own, and writes its output, exit code and collections beside it.
run_one() {
    local name=$1 kind=$2 place=$WORK/run/$1
    rm -rf "$place" && mkdir -p "$place/files"
    (
        cd "$place/files" || exit 1
        [ "$kind" = stock ] || {
            export DOTNET_GCPath=${QUARRY_HEAP:-$REPOSITORY/artifacts/native/linux-x64/libquarrygc.so}
            export DOTNET_QuarryGCMode=collect DOTNET_gcServer=0
            [ -z "$budget" ] || export DOTNET_GCgen0size=$budget
        }
        export TIMEFORMAT='%U %S'
        export -f library "$name"
        { time timeout 300 bash -c "$name" >../output 2>../error; printf "\nexit code %s\n" $? >>../output; } 2>../time
    )
    # The same path for both, so that programs that print it agree; then kept apart.
    (cd "$place/files" && find . -type f -exec md5sum {} + | sort -k2) >"$place/sums"
    rm -rf "$place.$kind" && mv "$place" "$place.$kind"
}

describe() {
    awk '{ printf "%.2f", $1 + $2 }' "$1/time"
}

echo "| program | same | exit code | CPU, stock | CPU, collect |"
echo "|---|---|--:|--:|--:|"
failed=0
for name in ${*:-$all}; do
    run_one "$name" stock
    run_one "$name" collect
    stock=$WORK/run/$name.stock ours=$WORK/run/$name.collect
    if cmp -s "$stock/output" "$ours/output" && cmp -s "$stock/sums" "$ours/sums"; then
        same=yes
    else
        same=NO failed=1
    fi
    echo "| $name | $same | $(tail -n 1 "$stock/output" | cut -d' ' -f3) | $(describe "$stock") s | $(describe "$ours") s |"
done
exit $failed

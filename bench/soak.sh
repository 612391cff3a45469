#!/usr/bin/env bash
# Runs programs on libquarrygc.so for long, and prints their resident memory: the second minute, the largest size
# from the second minute on, and the last minute, in mebibytes.
#
#     bench/soak.sh [MINUTES] [NAME...]
#
# Names are those of FlatCases in tests/managed/Probe. QUARRY_SOAK=stock runs them on the stock collector.
set -eu
repository=$(cd "$(dirname "$0")/.." && pwd)
minutes=${1:-10}
[ $# = 0 ] || shift
dotnet build -c Release -v quiet -nologo "$repository/tests/managed/Probe" >&2
dotnet build -c Release -v quiet -nologo "$repository/src/Quarry.Gc" >&2
if [ "${QUARRY_SOAK:-collect}" = collect ]; then
    export DOTNET_GCPath=$repository/artifacts/native/linux-x64/libquarrygc.so DOTNET_QuarryGCMode=collect
fi

for name in ${*:-web cache mix sockets}; do
    nice dotnet "$repository/artifacts/bin/Probe/release/Probe.dll" soak "$name" "$minutes" |
        awk -v name="$name" '
            !/^[0-9]+ [0-9]+$/ { next } # The output of the program itself.
            { series = series " " $2 }
            $1 > 60 { if ($2 > most) most = $2; if ($1 <= 120 && $2 > second) second = $2; sizes[n++] = $2 }
            END {
                for (i = n > 6 ? n - 6 : 0; i < n; i++) if (sizes[i] > last) last = sizes[i]
                printf "%s: %d, at most %d, last %d; every 10 s:%s\n", name, second, most, last, series
            }'
done

#!/bin/bash
# Compares the modes of libquarry.so with other allocators that check or harden, as tables of Markdown: which
# of the memory errors of tests/native/errors.c each finds, and what real programs cost. The libraries are
# those that the user has built or installed; see docs/modes.md.
#
#     hardened.sh [--errors] [--costs] [--runs N] [--allocators NAME=PATH...]
#
# Without --errors and --costs: both. NAME=PATH,VARIABLE=VALUE sets a variable of the environment.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
quarry=$root/artifacts/native/linux-x64/libquarry.so
parts= runs=5 names=() libraries=() variables=()

add() {
    names+=("$1") libraries+=("$2") variables+=("${3:-QUARRY_CONF=}")
}

for mode in release guarded checked hardened; do
    add "quarry, $mode" "$quarry" "QUARRY_CONF=mode:$mode"
done
while [ $# -gt 0 ]; do
    case $1 in
    --errors | --costs) parts+=" ${1#--}" ;;
    --runs) runs=$2; shift ;;
    --allocators) ;;
    *=*)
        path=${1#*=}
        variable=
        case $path in *,*) variable=${path#*,} path=${path%%,*} ;; esac
        [ -f "$path" ] || { echo "hardened.sh: no such library: $path" >&2; exit 2; }
        add "${1%%=*}" "$path" "$variable"
        ;;
    *) echo "hardened.sh: unknown option '$1'" >&2; exit 2 ;;
    esac
    shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

row() {
    printf '|'
    printf ' %s |' "$@"
    printf '\n'
}

# Writes what becomes of an error: stopped, reported or missed; "absent" if the allocator lacks the function
# that is to be misused. In guarded mode each block is guarded, as if it were one of the sample.
result() {
    local code=0 output
    case $3 in *guarded) set -- "$1" "$2" "$3,guard_interval:1" "$4" "$5" ;; esac
    output=$(env LD_PRELOAD="$2" "$3" timeout 20 ./errors "$4" "$5" 2>&1) || code=$?
    if [ $code = 77 ]; then output=absent
    elif [ $code != 0 ]; then output=stopped
    elif [ -n "$output" ]; then output=reported
    else output=missed
    fi
    echo "$1 $4 $5 $output" >>results
}

kind() {
    case $1 in
    write_behind*) echo "writes behind a block" ;;
    write_before*) echo "writes before a block" ;;
    read_behind*) echo "reads behind a block" ;;
    write_after*) echo "writes to a freed block" ;;
    read_after*) echo "reads of a freed block" ;;
    free_twice* | free_after_resize* | resize_after*) echo "second free, or resize of a freed block" ;;
    *sized* | aligned_free*) echo "free with a wrong size or alignment" ;;
    free_* | resize_*) echo "free or resize of no block" ;;
    *) echo "attacks: a freed block again, distances, old contents" ;;
    esac
}

errors() {
    gcc -std=gnu17 -O2 -fno-builtin -pthread -w -Wl,-z,now -o errors "$root/tests/native/errors.c"
    local index case sizes size name cells kinds=()
    export -f result
    for case in $(./errors list); do
        case $case in fault_elsewhere | free_twice_without_caller) continue ;; esac
        sizes="small medium large huge"
        case $case in *of_the_stack | *of_a_global | *of_a_mapping | *of_nothing_mapped) sizes=small ;; esac
        for index in "${!names[@]}"; do
            for size in $sizes; do
                printf '%s\0' "$index" "${libraries[$index]}" "${variables[$index]}" "$case" "$size"
            done
        done
    done | xargs -0 -n 5 -P "$(nproc)" bash -c 'result "$@"' result

    declare -A found total
    local result kind
    while read -r index case size result; do
        [ "$result" != absent ] || continue
        kind=$(kind "$case")
        [[ "|${kinds[*]/%/|}" == *"|$kind|"* || "${kinds[*]/%/|}" == *" $kind|"* ]] || kinds+=("$kind")
        total[$index,$kind]=$((${total[$index,$kind]:-0} + 1)) total[$index]=$((${total[$index]:-0} + 1))
        [ "$result" != missed ] || continue
        found[$index,$kind]=$((${found[$index,$kind]:-0} + 1)) found[$index]=$((${found[$index]:-0} + 1))
    done < <(sort -k2 results)

    row error "${names[@]}"
    row --- "${names[@]/*/--:}"
    for kind in "${kinds[@]}"; do
        cells=()
        for index in "${!names[@]}"; do
            cells+=("${total[$index,$kind]:+${found[$index,$kind]:-0} of ${total[$index,$kind]}}")
        done
        row "$kind" "${cells[@]/#%/-}"
    done
    cells=()
    for index in "${!names[@]}"; do
        cells+=("$((100 * ${found[$index]:-0} / total[$index])) %")
    done
    row '**found**' "${cells[@]}"
}

# Processor time and peak of a program: the least of the runs of each, taken in turn.
costs() {
    local program index run user system peak
    declare -A time memory
    names=(glibc "${names[@]}")
    libraries=(libc.so.6 "${libraries[@]}")
    variables=(QUARRY_CONF= "${variables[@]}")
    row program "${names[@]}"
    row --- "${names[@]/*/--:}"
    for program in sqlite lua gcc perl python; do
        for ((run = 0; run < runs; run++)); do
            for index in "${!names[@]}"; do
                mkdir -p run && cd run
                env LD_PRELOAD="${libraries[$index]}" "${variables[$index]}" PYTHONMALLOC=malloc \
                    /usr/bin/time -o ../usage -f '%U %S %M' \
                    sh "$root/tests/native/real/$program.sh" "$root/tests/native/real" \
                    >/dev/null 2>&1 || echo 'failed 0 0' >../usage
                cd .. && rm -rf run
                read -r user system peak <<<"$(tail -n 1 usage)"
                [ "$user" != failed ] || { time[$program,$index]=failed; continue; }
                user=$(awk "BEGIN { print $user + $system }")
                time[$program,$index]=$(least "${time[$program,$index]:-}" "$user")
                memory[$program,$index]=$(least "${memory[$program,$index]:-}" "$peak")
            done
        done
        local cells=()
        for index in "${!names[@]}"; do
            cells+=("$(awk -v t="${time[$program,$index]}" -v t0="${time[$program,0]}" \
                -v m="${memory[$program,$index]:-0}" -v m0="${memory[$program,0]}" \
                'BEGIN { if (t == "failed") print t; else printf "%.2f, %.2f", t / t0, m / m0 }')")
        done
        row "$program" "${cells[@]}"
    done
}

least() {
    if [ -z "$1" ] || awk "BEGIN { exit !($2 < $1) }"; then echo "$2"; else echo "$1"; fi
}

[ -f "$quarry" ] || { echo "hardened.sh: build src/Quarry.Malloc first" >&2; exit 2; }
for part in ${parts:-errors costs}; do
    $part
    echo
done

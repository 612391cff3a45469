set -e
declare -A count
for i in $(seq 3000); do
    key=k$((i * 7919 % 101))
    count[$key]=$((${count[$key]:-0} + 1))
done
for key in "${!count[@]}"; do echo "$key ${count[$key]}"; done | sort -k2n -k1 | tail -5
seq 200000 | sed 's/7/seven/g' | awk '{ seen[$1 % 5003]++; total += length($0) }
    END { print total, length(seen) }'
seq 200000 | sort -R --random-source=<(yes) | sort -n | tail -1
seq 300000 | gzip -9 | gzip -d | sha256sum
tar -cf - -C "$1" . --sort=name --mtime=@0 --owner=0 --group=0 --mode=644 | xz -1 | xz -d | wc -c
find "$1" -type f | sort | xargs -n 4 -P 2 grep -c . | wc -l

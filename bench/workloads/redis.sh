#!/bin/sh
# A redis-server, the program under test, on a Unix socket; redis-benchmark drives it from outside with a
# fixed number of requests: strings, lists, sets, hashes and sorted sets, first small values, then larger
# ones, then expiry of all.
#
#     redis.sh WORK RUN...
set -eu
cd "$1"
shift

# The directory of a socket must be short: hence relative names.
rm -f redis.sock
"$@" redis-server --port 0 --unixsocket redis.sock --save '' --appendonly no --daemonize no --dir . \
    --logfile redis.log &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
trap 'exit 1' INT TERM

cli() {
    redis-cli -s redis.sock "$@" 2>&1
}
drive() {
    redis-benchmark -s redis.sock -q -c 20 -P 16 -r 100000 "$@" >/dev/null
}

tries=0
until [ "$(cli ping)" = PONG ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "redis-server does not answer" >&2; exit 1; }
    sleep 0.05
done

drive -n 200000 -d 24 -t set,get,incr,lpush,lpop,sadd,hset,zadd
drive -n 100000 -d 400 -t set,get,lpush,hset
drive -n 20000 -t lrange_100
drive -n 100000 -d 3000 -t set
keys=$(cli dbsize)
cli flushall sync >/dev/null
drive -n 100000 -d 100 -t set

trap - EXIT
cli shutdown nosave >/dev/null || true
wait $server
rm -f redis.log
# Its word that it worked: random keys repeat, so the number is near but not at that of the requests.
[ "$keys" -gt 50000 ]

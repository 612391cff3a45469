set -e
redis-server --port 0 --unixsocket redis.sock --save '' --maxmemory 64mb > redis.log &
server=$!
for attempt in $(seq 100); do [ -S redis.sock ] && break; sleep 0.1; done
client() { redis-cli -s redis.sock "$@"; }
client set name value
client get name
for i in $(seq 3000); do
    echo "set key:$i value$((i * 7919 % 1000))"
    echo "rpush list:$((i % 10)) element$i"
    echo "hset hash:$((i % 7)) field$i $i"
    echo "zadd sorted $((i * 31 % 977)) member$((i % 500))"
    [ $((i % 3)) = 0 ] && echo "del key:$i"
done | client | sha256sum
client dbsize
client llen list:3
client hlen hash:2
client zrange sorted 0 5
client eval 'local t = {} for i = 1, 1000 do t[i] = i end return #t' 0
client shutdown nosave || true
wait $server

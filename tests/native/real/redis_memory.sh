# What redis reports about its memory, as `name=value` lines: with 100 MB of values, and after they are purged.
redis-server --port 0 --unixsocket redis.sock --save '' > redis.log &
server=$!
trap 'kill $server 2> /dev/null' EXIT
for attempt in $(seq 300); do [ -S redis.sock ] && break; sleep 0.1; done
client() { redis-cli -s redis.sock "$@"; }
# redis refreshes the numbers by a timer, so the first readings may be older than the values.
memory() { client info memory | tr -d '\r' | sed -n "s/^$1:/$2=/p"; }
resident() { sed -n "s/^VmRSS:[^0-9]*\([0-9]*\) kB/$1=\1/p" /proc/$server/status; }
client eval 'for i = 1, 50000 do redis.call("set", "key" .. i, string.rep("v", 2000)) end' 0 > /dev/null
for attempt in $(seq 300); do
    [ "$(client info memory | tr -d '\r' | sed -n 's/^allocator_allocated://p')" -gt 100000000 ] && break
    sleep 0.1
done
memory used_memory used
memory allocator_allocated allocated
memory allocator_active active
memory allocator_resident resident
memory mem_allocator allocator
mapped() { sed -n "s:^[^/]*\(/.*/lib$1.*\):library=\1:p" /proc/$server/maps | head -1 | grep .; }
mapped quarry || mapped jemalloc
client memory stats | sed -n '/^allocator.allocated$/{n;s/^/stats=/p}'
client memory doctor | grep -c . | sed 's/^/doctor=/'
client memory malloc-stats | sed -n 's/^Allocated: \([0-9]*\),.*/report=\1/p'
client eval 'for i = 1, 50000 do redis.call("del", "key" .. i) end' 0 > /dev/null
resident before
client memory purge | sed 's/^/purge=/'
resident after
client shutdown nosave
wait $server

// Buffers outside the garbage collector's heap, compression and JSON. The heap itself is mapped by V8; what
// is measured is the rest: buffers, zlib, the compiler's zones, on several threads.
'use strict';
const zlib = require('zlib');
const crypto = require('crypto');

let state = 15;
function random(n) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 16) % n;
}

const kept = new Array(500).fill(null);
let checksum = 0;
for (let i = 0; i < 150000; i++) {
    const buffer = Buffer.alloc(4096 + random(30000), i & 255);
    checksum += buffer[buffer.length >> 1];
    kept[random(kept.length)] = buffer;
}

const records = Array.from({ length: 2000 }, (_, i) => ({ id: i, name: `name ${random(1000)}` }));
const text = JSON.stringify(records);
for (let i = 0; i < 400; i++) {
    const packed = zlib.deflateSync(text + i);
    checksum += zlib.inflateSync(packed).length;
    checksum += crypto.createHash('sha256').update(packed).digest()[0] >= 0 ? 1 : 0;
}

let waiting = 500;
for (let i = 0; i < 500; i++) {
    zlib.gzip(text, (error, packed) => {
        if (error) throw error;
        checksum += packed[0];
        if (--waiting === 0) console.log(checksum);
    });
}

const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const crypto = require('crypto');
const zlib = require('zlib');

function work(seed) {
    const buffers = [];
    for (let i = 0; i < 300; i++) buffers.push(Buffer.alloc((i * seed) % 50000 + 1, i));
    const all = Buffer.concat(buffers);
    return crypto.createHash('sha256').update(zlib.inflateSync(zlib.deflateSync(all))).digest('hex');
}

if (!isMainThread) {
    parentPort.postMessage(work(workerData));
} else {
    const map = new Map();
    for (let i = 0; i < 100000; i++) map.set('key' + (i % 5000), [i, String(i)]);
    console.log(map.size, JSON.stringify([...map.values()]).length);
    const jobs = [3, 5, 7, 11].map(seed => new Promise((resolve, reject) => {
        const worker = new Worker(__filename, { workerData: seed });
        worker.on('message', resolve);
        worker.on('error', reject);
    }));
    Promise.all(jobs).then(results => console.log(results.join('\n')));
}

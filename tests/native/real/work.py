import collections, gc, hashlib, json, re, subprocess, sys, threading, zlib

words = [f"word{i * 7919 % 1000}" for i in range(50000)]
text = " ".join(words)
print(collections.Counter(re.findall(r"word(\d*7)\b", text)).most_common(5))

document = {"items": [{"id": i, "name": words[i], "tags": words[i:i + 5]} for i in range(5000)]}
encoded = json.dumps(document, sort_keys=True)
assert json.loads(encoded) == document
print(len(encoded), hashlib.sha256(encoded.encode()).hexdigest())
print(len(zlib.decompress(zlib.compress(encoded.encode(), 6))))

results = [None] * 8
def work(index):
    tree = {}
    for i in range(20000):
        tree[(i * 31 + index) % 5003] = [i] * (i % 20)
    results[index] = sum(len(value) for value in tree.values())
threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(results)

class Node:
    def __init__(self, other): self.other = other
for _ in range(50000): node = Node(None); node.other = node
print(gc.collect() >= 0)
print(subprocess.run([sys.executable, "-c", "print('from a child', sum(range(100000)))"],
                     capture_output=True, text=True, check=True).stdout)
print(pow(3, 200000) % 1000007, len(str(7 ** 3000)))

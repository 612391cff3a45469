# Constructs of Python, one a line. The code after a # runs before the marks.
print("hello")
sys.stderr.write("hello")  # import sys
f"{n} and {s}"  # n, s = 1000, "text"
"%d and %s" % (n, s)  # n, s = 1000, "text"
n + 1  # n = 1000
n * 0.5  # n = 1000
10 ** 100
[]
[1, 2, 3]
(n, n)  # n = 1000
{"a": 1}
{1, 2, 3}
[i for i in range(100)]
list(range(1000))
sum(i for i in range(100))
lambda: 0
def f(): return 0
f(1)  # f = lambda n: n
class A: pass
A()  # A = type("A", (), {})
open("/etc/passwd").close()
open("/etc/passwd").readline()
import json
import re
json.dumps([1, 2, 3])  # import json
threading.Thread(target=print).start()  # import threading
os.stat("/")  # import os

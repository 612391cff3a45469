# Objects as programs in Python make them: instances in dictionaries, lists of strings, nested data through
# JSON.
import json
import random

random.seed(12)


class Account:
    def __init__(self, number, owner):
        self.number = number
        self.owner = owner
        self.history = []

    def book(self, amount, text):
        self.history.append({"amount": amount, "text": text})
        if len(self.history) > 20:
            self.history = self.history[10:]


def accounts(count, bookings):
    table = {n: Account(n, f"owner {n}") for n in range(count)}
    for i in range(bookings):
        number = random.randrange(count)
        table[number].book(random.randrange(10000), f"booking {i} of {number}")
        if i % 50 == 0:
            table[number] = Account(number, f"heir {i}")
    return sum(len(a.history) for a in table.values())


def words(lines):
    seen = {}
    for i in range(lines):
        for word in f"line {i % 977} tells of {i % 7919} and of {i * i % 10007}".split():
            seen.setdefault(word, []).append(i)
    return sum(len(places) for places in seen.values())


def documents(count):
    total = 0
    for i in range(count):
        document = {"id": i, "tags": [f"tag{j}" for j in range(i % 30)],
                    "parts": [{"name": f"part {j}", "values": list(range(j))} for j in range(20)]}
        total += len(json.dumps(json.loads(json.dumps(document))))
    return total


print(accounts(20000, 600000), words(150000), documents(6000))

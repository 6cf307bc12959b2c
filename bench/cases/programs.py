"""About thirty tiny concurrent programs with one bug each, for the table of strategies: `python3 programs.py` lists their names.

Written anew in Python from the published descriptions of SCTBench (Thomson, Donaldson and Betts, "Concurrency Testing Using
Controlled Schedulers: An Empirical Study", TOPC 2016) and its sources (Inspect, CHESS, concurrency-software, RADBench); the bug and
the number of threads are theirs, the text is not.  Each value is a driver: setup, operations, and an assertion that fails or a deadlock.
"""

import json
import sys

PROGRAMS = {}


def program(name, text):
    PROGRAMS[name] = text.strip("\n") + "\n"


program("account", """
# deposit and withdraw lock, the transfer reads the balance outside
import threading
class Account:
    def __init__(self):
        self.lock, self.balance, self.done = threading.Lock(), 100, []
def setup():
    return Account()
def operation_deposit(account):
    with account.lock:
        seen = account.balance
    with account.lock:
        account.balance = seen + 50
def operation_withdraw(account):
    with account.lock:
        account.balance -= 30
def operation_fee(account):
    with account.lock:
        account.balance -= 5
def invariant(account):
    return account.balance == 115
""")
program("stack", """
# the stack's own flag is set before the item is there
import threading
class Stack:
    def __init__(self):
        self.items, self.top, self.ready, self.lock = [0] * 5, 0, False, threading.Lock()
def setup():
    return Stack()
def operation_push(stack):
    for value in range(1, 5):
        with stack.lock:
            stack.top += 1
        stack.items[stack.top - 1] = value
        stack.ready = True
def operation_pop(stack):
    for _ in range(3):
        if stack.ready:
            with stack.lock:
                value = stack.items[stack.top - 1] if stack.top else 1
                assert value, "popped what nobody pushed"
""")
program("queue", """
# the reader trusts a counter that is raised before the slot is filled
class Queue:
    def __init__(self):
        self.slots, self.tail, self.head = [None] * 4, 0, 0
def setup():
    return Queue()
def operation_put(queue):
    for value in (1, 2, 3):
        place = queue.tail
        queue.tail = place + 1
        queue.slots[place] = value
def operation_get(queue):
    for _ in range(3):
        if queue.head < queue.tail:
            value = queue.slots[queue.head]
            queue.head += 1
            assert value is not None
""")
program("circular_buffer", """
# two senders share the index without a lock
class Ring:
    def __init__(self):
        self.cells, self.first = [None] * 6, 0
def setup():
    return Ring()
def send(ring, value):
    for number in range(2):
        ring.cells[ring.first % 6] = (value, number)
        ring.first += 1
def operation_a(ring):
    send(ring, "a")
def operation_b(ring):
    send(ring, "b")
def invariant(ring):
    return ring.first == 4 and ring.cells.count(None) == 2
""")
program("wronglock", """
# two threads hold one lock, the third another one, for the same counter
import threading
class Shared:
    def __init__(self):
        self.one, self.other, self.value = threading.Lock(), threading.Lock(), 0
def setup():
    return Shared()
def add(shared, lock):
    with lock:
        shared.value += 1
def operation_a(shared):
    add(shared, shared.one)
def operation_b(shared):
    add(shared, shared.one)
def operation_c(shared):
    add(shared, shared.other)
def invariant(shared):
    return shared.value == 3
""")
program("lazy01", """
# an assertion that only one order of three locked steps breaks
import threading
class Shared:
    def __init__(self):
        self.lock, self.value, self.step = threading.Lock(), 0, 0
def setup():
    return Shared()
def operation_a(shared):
    with shared.lock:
        shared.value += 1
    shared.step = 1
def operation_b(shared):
    with shared.lock:
        shared.value += 2
def operation_c(shared):
    seen = shared.step
    with shared.lock:
        assert not (shared.value == 3 and seen == 0)
def observe(shared):
    return shared.value
""")
for _name, _capacity in (("sync01", 1), ("sync02", 2)):
    program(_name, """
# producer and consumer ask with `if` where `while` is needed
import threading
class Box:
    def __init__(self):
        self.changed, self.count, self.capacity = threading.Condition(), 0, %d
def setup():
    return Box()
def operation_produce(box):
    for _ in range(box.capacity):
        with box.changed:
            box.count += 1
            box.changed.notify()
def take(box):
    with box.changed:
        if box.count == 0:
            box.changed.wait(1)
        if box.count:
            seen = box.count
        else:
            return None
    with box.changed:
        box.count = seen - 1
def operation_take(box):
    take(box)
def operation_take_too(box):
    take(box)
def invariant(box):
    return 0 <= box.count <= box.capacity and box.count >= box.capacity - 2
def observe(box):
    return box.count
""" % _capacity)
program("token_ring", """
# each passes the token on from what it read, without waiting for its turn
class Ring:
    def __init__(self):
        self.x1, self.x2, self.x3 = 1, 2, 1
def setup():
    return Ring()
def operation_a(ring):
    ring.x1 = (ring.x3 + 1) % 4
def operation_b(ring):
    ring.x2 = ring.x1
def operation_c(ring):
    ring.x3 = ring.x2
def observe(ring):
    return [ring.x1, ring.x2, ring.x3]
""")
for _threads in (1, 2, 4):
    program("twostage" if _threads == 1 else "twostage_%d" % (_threads + 1), """
# two values that belong together are set under two locks
import threading
class Pair:
    def __init__(self):
        self.first_lock, self.second_lock, self.first, self.second = threading.Lock(), threading.Lock(), 0, 0
def setup():
    return Pair()
def write(pair):
    with pair.first_lock:
        pair.first = 1
    with pair.second_lock:
        pair.second = pair.first + 1
def read(pair):
    with pair.first_lock:
        if pair.first == 0:
            return
        first = pair.first
    with pair.second_lock:
        assert pair.second == first + 1
threads = [[write]] * %d + [[read]]
""" % _threads)
for _threads in (3, 4, 5, 10):
    program("reorder_%d" % _threads, """
# writers set a, then b; the checker must see both or none
class Pair:
    def __init__(self):
        self.a, self.b = 0, 0
def setup():
    return Pair()
def write(pair):
    pair.a = 1
    pair.b = -1
def check(pair):
    a, b = pair.a, pair.b
    assert (a, b) in ((0, 0), (1, -1)), (a, b)
threads = [[write]] * %d + [[check]]
""" % (_threads - 1))
program("carter01", """
# two counters that take two locks in different order when they are first
import threading
class Shared:
    def __init__(self):
        self.m, self.l, self.a, self.b = threading.Lock(), threading.Lock(), 0, 0
def setup():
    return Shared()
def operation_a(shared):
    with shared.m:
        shared.a += 1
        if shared.a == 1:
            shared.l.acquire()
    with shared.m:
        shared.a -= 1
        if shared.a == 0:
            shared.l.release()
def operation_b(shared):
    with shared.m:
        shared.b += 1
        if shared.b == 1:
            shared.l.acquire()
    with shared.m:
        shared.b -= 1
        if shared.b == 0:
            shared.l.release()
def operation_c(shared):
    pass
""")
program("bluetooth_driver", """
# the stopping flag is read before the pending request is counted
import threading
class Driver:
    def __init__(self):
        self.pending, self.stopping, self.stopped, self.lock = 1, False, False, threading.Lock()
def setup():
    return Driver()
def leave(driver):
    with driver.lock:
        driver.pending -= 1
        last = driver.pending == 0
    if last:
        driver.stopped = True
def operation_add(driver):
    if driver.stopping:
        return
    with driver.lock:
        driver.pending += 1
    assert not driver.stopped
    leave(driver)
def operation_stop(driver):
    driver.stopping = True
    leave(driver)
""")
program("deadlock01", """
# two locks in opposite order
import threading
class Pair:
    def __init__(self):
        self.a, self.b, self.counter = threading.Lock(), threading.Lock(), 1
def setup():
    return Pair()
def operation_one(pair):
    with pair.a, pair.b:
        pair.counter += 1
def operation_two(pair):
    with pair.b, pair.a:
        pair.counter -= 1
""")
for _philosophers in range(2, 8):
    program("din_phil%d" % _philosophers, """
# everybody takes the left fork first
import threading
count = %d
class Table:
    def __init__(self):
        self.forks = [threading.Lock() for _ in range(count)]
def setup():
    return Table()
def eat(left):
    def philosopher(table):
        with table.forks[left]:
            with table.forks[(left + 1) %% count]:
                pass
    return philosopher
threads = [[eat(number)] for number in range(count)]
""" % _philosophers)
program("fsbench", """
# inodes and blocks under locks of their own; the free block is chosen before its lock is taken
import threading
class Disk:
    def __init__(self):
        self.inodes, self.busy, self.lock = [0] * 4, [False] * 4, threading.Lock()
def setup():
    return Disk()
def create(disk, inode):
    for block in range(4):
        if not disk.busy[block]:
            with disk.lock:
                disk.busy[block] = True
            disk.inodes[inode] = block + 1
            return
def operation_a(disk):
    create(disk, 0)
def operation_b(disk):
    create(disk, 1)
def operation_c(disk):
    create(disk, 2)
def invariant(disk):
    return len(set(disk.inodes[:3])) == 3
""")
program("arithmetic_prog", """
# producer and consumer lose a notification
import threading
class Sum:
    def __init__(self):
        self.changed, self.number, self.total = threading.Condition(), 0, 0
def setup():
    return Sum()
def operation_count(state):
    for value in (1, 2):
        with state.changed:
            state.number = value
            state.changed.notify()
def operation_add(state):
    for _ in range(2):
        number = state.number
        if number == 0:
            with state.changed:
                state.changed.wait(1)
        state.total += state.number
def observe(state):
    return state.total > 4
""")
program("phase01", """
# the second phase begins before both have ended the first
import threading
class Phases:
    def __init__(self):
        self.lock, self.arrived, self.open = threading.Lock(), 0, False
def setup():
    return Phases()
def arrive(phases):
    if phases.arrived == 1:
        phases.open = True
    phases.arrived += 1
def operation_a(phases):
    arrive(phases)
def operation_b(phases):
    arrive(phases)
def invariant(phases):
    return phases.open and phases.arrived == 2
""")
program("bank_transfer", """
# both directions at once, the sum is taken in between
class Bank:
    def __init__(self):
        self.accounts = {"a": 100, "b": 100}
def setup():
    return Bank()
def operation_transfer(bank):
    bank.accounts["a"] -= 10
    bank.accounts["b"] += 10
def operation_back(bank):
    bank.accounts["b"] -= 20
    bank.accounts["a"] += 20
def invariant(bank):
    return sum(list(bank.accounts.values())) == 200
""")
program("indexer", """
# two threads insert into one table: the free slot is found before it is taken
class Table:
    def __init__(self):
        self.slots = [0] * 8
def setup():
    return Table()
def insert(table, values):
    for value in values:
        place = value * 7 % 8
        while table.slots[place]:
            place = (place + 1) % 8
        table.slots[place] = value
def operation_a(table):
    insert(table, (1, 9))
def operation_b(table):
    insert(table, (17, 25))
def invariant(table):
    return sum(1 for value in table.slots if value) == 4
""")
program("lost_wakeup_flag", """
# a check and then a wait without a timeout: the notification comes in between
import threading
class Gate:
    def __init__(self):
        self.changed, self.open = threading.Condition(), False
def setup():
    return Gate()
def operation_wait(gate):
    if not gate.open:
        with gate.changed:
            gate.changed.wait()
def operation_open(gate):
    gate.open = True
    with gate.changed:
        gate.changed.notify()
""")
program("depth3_order", """
# needs two switches at the right places
class Shared:
    def __init__(self):
        self.a, self.b, self.c = 0, 0, 0
def setup():
    return Shared()
def operation_one(shared):
    shared.a = 1
    if shared.b == 1:
        shared.c = 1
        assert shared.b == 1
def operation_two(shared):
    if shared.a == 1:
        shared.b = 1
    if shared.c == 1:
        shared.b = 2
""")

if __name__ == "__main__":
    sys.stdout.write(json.dumps(PROGRAMS) if "--json" in sys.argv else "\n".join(PROGRAMS) + "\n")

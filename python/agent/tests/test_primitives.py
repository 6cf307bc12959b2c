"""Locks, conditions, queues, threads and sleep under the scheduler: right programs stay silent, wrong ones do not."""

import unittest

from explorer import Agent, Study, results

LOCK_ORDER = """
import threading
class Accounts:
    def __init__(self):
        self.one = threading.Lock()
        self.other = threading.Lock()
        self.moved = 0
def setup():
    return Accounts()
def operation_there(accounts):
    with accounts.one:
        with accounts.other:
            accounts.moved += 1
def operation_back(accounts):
    with accounts.other:
        with accounts.one:
            accounts.moved += 1
"""

LOST_NOTIFY = """
import threading
class Box:
    def __init__(self):
        self.condition = threading.Condition()
        self.full = False
def setup():
    return Box()
def operation_wait(box):
    if not box.full:
        with box.condition:
            box.condition.wait()
    return "got it"
def operation_put(box):
    box.full = True
    with box.condition:
        box.condition.notify()
"""

SILENT = {
    "condition": """
import threading
class Box:
    def __init__(self):
        self.condition = threading.Condition()
        self.full = False
def setup():
    return Box()
def operation_wait(box):
    with box.condition:
        while not box.full:
            box.condition.wait()
        return "got it"
def operation_put(box):
    with box.condition:
        box.full = True
        box.condition.notify_all()
""",
    "event": """
import threading
class Gate:
    def __init__(self):
        self.event = threading.Event()
        self.value = 0
def setup():
    return Gate()
def operation_wait(gate):
    gate.event.wait()
    return gate.value
def operation_open(gate):
    gate.value = 7
    gate.event.set()
""",
    "queue": """
import queue
def setup():
    return queue.Queue(1)
def operation_put(waiting):
    waiting.put(1)
    waiting.put(2)
def operation_get(waiting):
    return [waiting.get(), waiting.get()]
""",
    "simple queue": """
import queue
def setup():
    return queue.SimpleQueue()
def operation_put(waiting):
    waiting.put(1)
def operation_get(waiting):
    return waiting.get()
""",
    "semaphore": """
import threading
class Pool:
    def __init__(self):
        self.gate = threading.Semaphore(1)
        self.count = 0
    def use(self):
        with self.gate:
            self.count += 1
def setup():
    return Pool()
def operation_one(pool):
    pool.use()
def operation_two(pool):
    pool.use()
""",
    "reentrant lock": """
import threading
class Tree:
    def __init__(self):
        self.lock = threading.RLock()
        self.size = 0
    def add(self, depth):
        with self.lock:
            if depth:
                self.add(depth - 1)
            self.size += 1
def setup():
    return Tree()
def operation_one(tree):
    tree.add(2)
def operation_two(tree):
    tree.add(1)
""",
    "barrier": """
import threading
class Meeting:
    def __init__(self):
        self.barrier = threading.Barrier(2)
        self.seen = {}
def setup():
    return Meeting()
def operation_one(meeting):
    meeting.seen["one"] = True
    meeting.barrier.wait()
    return len(meeting.seen)
def operation_two(meeting):
    meeting.seen["two"] = True
    meeting.barrier.wait()
    return len(meeting.seen)
def observe(meeting):
    return sorted(meeting.seen)
""",
    "thread-local": """
import threading
local = threading.local()
def use(value):
    found = getattr(local, "value", None)
    local.value = value
    return found, local.value
def operation_one():
    return use(1)
def operation_two():
    return use(2)
""",
    "context variable": """
import contextvars
variable = contextvars.ContextVar("variable", default=None)
def use(value):
    found = variable.get()
    variable.set(value)
    return found
def operation_one():
    return use(1)
def operation_two():
    return use(2)
""",
    "logging": """
import logging
records = []
class Keep(logging.Handler):
    def emit(self, record):
        records.append(record.getMessage() + record.threadName)
def setup():
    logger = logging.Logger("subject")
    logger.addHandler(Keep())
    return logger
def operation_one(logger):
    logger.warning("one")
def operation_two(logger):
    logger.warning("two")
""",
    "timer": """
import threading
class Counter:
    def __init__(self):
        self.value = 0
    def add(self):
        self.value += 1
def setup():
    return Counter()
def operation_later(counter):
    timer = threading.Timer(5, counter.add)
    timer.start()
    timer.join()
def operation_now(counter):
    counter.add()
""",
}

RACY = {
    "spawned threads": """
import threading
class Counter:
    def __init__(self):
        self.value = 0
    def add(self):
        self.value += 1
def setup():
    return Counter()
def operation_threads(counter):
    workers = [threading.Thread(target=counter.add) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.value
def operation_look(counter):
    pass
""",
    "executor": """
import threading
from concurrent.futures import ThreadPoolExecutor
class Counter:
    def __init__(self):
        self.value = 0
    def add(self):
        self.value += 1
def setup():
    return Counter()
def operation_pool(counter):
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(counter.add) for _ in range(2)]
        for future in futures:
            future.result()
def operation_direct(counter):
    counter.add()
""",
    "check, sleep, set": """
import time
class Slot:
    def __init__(self):
        self.taken = []
    def take(self, name):
        if not self.taken:
            time.sleep(0.5)
            self.taken.append(name)
            return True
        return False
def setup():
    return Slot()
def operation_one(slot):
    return slot.take("one")
def operation_two(slot):
    return slot.take("two")
""",
}


class Primitives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)

    def test_correct_users_give_serial_outcomes_only(self):
        for name, source in SILENT.items():
            with self.subTest(name):
                study = Study(self.agent, source)
                self.assertTrue(study.serial["stable"])
                self.assertEqual({outcome["ending"] for outcome in study.serial["outcomes"]}, {"finished"})
                reply = study.explore(study.bound_one() + study.bound_two())
                self.assertEqual(reply["uncontrolled"], 0)
                if reply["first"] is not None:
                    self.fail("%s, not %s" % (study.outcomes[reply["first"]["outcome"]], study.serial["outcomes"]))

    def test_races_around_primitives_are_found(self):
        for name, source in RACY.items():
            with self.subTest(name):
                study = Study(self.agent, source)
                found = study.first_strange("all") or self._first_between_spawned(study)
                self.assertIsNotNone(found)
                schedule, outcome = found
                plan, named, reply = study.replay(schedule, 50, "all")
                self.assertEqual(reply["outcomes"], {outcome["id"]: 50})
                self.assertEqual(reply["uncontrolled"], 0)

    def _first_between_spawned(self, study):
        """The first strange outcome with one preemption among threads the subject started."""
        lengths = study.explore([[[0, None], [1, None]]], sites="all")["lengths"]
        spawned = range(2, len(lengths))
        schedules = [
            [[1, None], [0, None], [first, until], [second, None], [0, None], [first, None]]
            for first in spawned
            for second in spawned
            for until in range(1, lengths[first] + 1)
            if first != second
        ]
        found = study.strange(schedules, "all")
        return found[0] if found else None

    def test_lock_order_deadlock(self):
        study = Study(self.agent, LOCK_ORDER)
        schedule, outcome = study.first_strange()
        self.assertEqual(outcome["ending"], "deadlock")
        self.assertIn("operation_there waits for a lock that operation_back holds", outcome["detail"])
        self.assertIn("operation_back waits for a lock that operation_there holds", outcome["detail"])
        self.assertEqual(results(outcome), [[None], [None]])
        plan, named, reply = study.replay(schedule)
        self.assertEqual(reply["outcomes"], {outcome["id"]: 200})
        self.assertEqual(reply["reached"], 200)
        # the locks are free again afterwards
        self.assertIsNone(study.explore([[[0, None], [1, None]]] * 3)["first"])

    def test_lost_notify(self):
        study = Study(self.agent, LOST_NOTIFY)
        serial = {tuple(entry["order"]): study.outcomes[entry["outcome"]]["ending"] for entry in study.serial["orders"]}
        self.assertEqual(serial, {(0, 1): "finished", (1, 0): "finished"})
        _, outcome = study.first_strange("all")
        self.assertEqual(outcome["ending"], "deadlock")

    def test_a_consumer_that_comes_first_waits_for_the_producer(self):
        study = Study(self.agent, SILENT["queue"])
        orders = {tuple(entry["order"]): results(study.outcomes[entry["outcome"]]) for entry in study.serial["orders"]}
        self.assertEqual(orders[1, 0], [["None"], ["#1[1, 2]"]])

    def test_thread_names_and_identities(self):
        source = """
import threading
def operation_one():
    seen = []
    worker = threading.Thread(target=lambda: seen.append((threading.current_thread().name, threading.get_ident())))
    worker.start()
    worker.join()
    me = threading.current_thread()
    return me.name, seen[0][0], seen[0][1] == worker.ident, worker.is_alive(), me.ident == threading.get_ident() != worker.ident
def operation_two():
    return threading.current_thread().name
"""
        study = Study(self.agent, source)
        values = results(study.serial["outcomes"][0])
        self.assertEqual(values[1], ["'operation_two'"])
        self.assertRegex(values[0][0], r"^\('operation_one', 'Thread-1.*', True, False, True\)$")
        self.assertEqual(len(study.serial["outcomes"]), 1)

    def test_an_uncaught_exception_of_a_spawned_thread_is_part_of_the_outcome(self):
        source = """
import threading
def operation_one():
    worker = threading.Thread(target=[].pop)
    worker.start()
    worker.join()
def operation_two():
    pass
"""
        study = Study(self.agent, source)
        threads = study.serial["outcomes"][0]["threads"]
        self.assertEqual(threads[2]["operations"][0]["exception"], "IndexError")
        self.assertTrue(threads[2]["spawned"])

    def test_daemons_that_wait_for_ever_do_not_block_the_end(self):
        source = """
import queue, threading, time
def work(tasks, done):
    while True:
        done.append(tasks.get())
def tick(done):
    while True:
        time.sleep(1)
def setup():
    return []
def operation_one(done):
    tasks = queue.Queue()
    threading.Thread(target=work, args=(tasks, done)).start()
    threading.Thread(target=tick, args=(done,), daemon=True).start()
    tasks.put(1)
def operation_two(done):
    pass
"""
        study = Study(self.agent, source)
        self.assertEqual({outcome["ending"] for outcome in study.serial["outcomes"]}, {"finished"})

    def test_misuse_raises_what_real_locks_raise(self):
        source = """
import threading
def kind(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__
def operation_lock():
    lock = threading.Lock()
    return (kind(lock.release), kind(lock.acquire, False, 1), kind(lock.acquire, True, -2), lock.acquire(), lock.locked(),
            lock.acquire(False), lock.acquire(True, 0.5), kind(lock.release))
def operation_reentrant():
    lock = threading.RLock()
    return kind(lock.release), lock.acquire(), lock.acquire(), kind(lock.release), kind(lock.release), kind(lock.release)
"""
        study = Study(self.agent, source)
        self.assertEqual(
            results(study.serial["outcomes"][0]),
            [
                ["('RuntimeError', 'ValueError', 'ValueError', True, True, False, False, None)"],
                ["('RuntimeError', True, True, None, None, 'RuntimeError')"],
            ],
        )


if __name__ == "__main__":
    unittest.main()

"""The workloads of bench/tracer: programs of a character each, about 10 ms a turn unwatched.

fib        calls and nothing else
richards   objects of few classes that send each other packets: methods, attributes, a scheduler
deltablue  a solver of one-way constraints: many small methods, lists, polymorphism
json       the standard library's pure-Python encoder: nested generators
flask      requests through Flask's wsgi_app: deep stacks of many different functions, C calls
asyncio    tasks that await each other, queues and the loop
"""

import asyncio
import io
import json


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def run_fib():
    return fib(25)


# --- richards: a kernel that runs tasks by priority; they pass packets on to each other ---

class Packet:
    def __init__(self, kind, to):
        self.kind, self.to, self.value, self.link = kind, to, 0, None

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, kernel, ident, priority):
        self.kernel, self.ident, self.priority = kernel, ident, priority
        self.queue, self.held, self.runs = None, False, 0

    def is_ready(self):
        return not self.held and (self.queue is not None or self.wants_to_run())

    def wants_to_run(self):
        return False

    def take(self):
        packet, self.queue = self.queue, self.queue.link
        return packet

    def receive(self, packet):
        self.queue = packet.append_to(self.queue)

    def step(self):
        self.runs += 1
        self.work(self.take() if self.queue is not None else None)


class Idle(Task):
    def __init__(self, kernel, ident, priority, turns):
        super().__init__(kernel, ident, priority)
        self.turns, self.seed = turns, 1

    def wants_to_run(self):
        return self.turns > 0

    def work(self, packet):
        self.turns -= 1
        self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFFFF
        self.kernel.release(2 + self.seed % 2)


class Worker(Task):
    def work(self, packet):
        if packet is None:
            return
        packet.value = sum_to(packet.value + 3)
        packet.to = 2 + packet.value % 2
        self.kernel.send(packet)


class Device(Task):
    def work(self, packet):
        self.held = True
        if packet is not None:
            packet.kind = 1 - packet.kind
            packet.to = 1
            self.kernel.send(packet)


class Kernel:
    def __init__(self, turns):
        self.tasks = [Idle(self, 0, 0, turns), Worker(self, 1, 10), Device(self, 2, 20),
                      Device(self, 3, 30)]
        self.order = sorted(self.tasks, key=lambda task: -task.priority)
        self.sent = 0

    def task(self, ident):
        return self.tasks[ident]

    def send(self, packet):
        self.sent += 1
        self.task(packet.to).receive(packet)

    def release(self, ident):
        self.task(ident).held = False

    def next_task(self):
        for task in self.order:
            if task.is_ready():
                return task
        return None

    def run(self):
        for kind in (0, 1, 0, 1):
            self.send(Packet(kind, 1))
        task = self.next_task()
        while task is not None:
            task.step()
            task = self.next_task()
        return self.sent


def sum_to(n):
    total = 0
    for number in range(n % 7):
        total += number
    return total


def run_richards():
    return Kernel(5000).run()


# --- deltablue: variables and one-way constraints with strengths, solved again for each change ---

class Variable:
    def __init__(self, name, value):
        self.name, self.value = name, value
        self.constraints, self.determined_by, self.mark = [], None, 0

    def add(self, constraint):
        self.constraints.append(constraint)


class Constraint:
    def __init__(self, strength, inputs, output):
        self.strength, self.inputs, self.output = strength, inputs, output
        for variable in self.variables():
            variable.add(self)

    def variables(self):
        return [*self.inputs, self.output]

    def is_satisfied(self):
        return self.output.determined_by is self

    def is_stronger(self, other):
        return other is None or self.strength < other.strength

    def inputs_known(self, mark):
        return all(variable.mark == mark or variable.determined_by is None
                   for variable in self.inputs)

    def choose(self, mark):
        if self.output.mark == mark or not self.is_stronger(self.output.determined_by):
            return None
        old, self.output.determined_by = self.output.determined_by, self
        self.output.mark = mark
        return old


class Equal(Constraint):
    def execute(self):
        self.output.value = self.inputs[0].value


class Scale(Constraint):
    def execute(self):
        value, scale, offset = self.inputs
        self.output.value = value.value * scale.value + offset.value


class Edit(Constraint):
    def execute(self):
        self.output.value += 1


class Planner:
    def __init__(self):
        self.mark = 0

    def add(self, constraint):
        self.mark += 1
        while constraint is not None:
            constraint = constraint.choose(self.mark)

    def plan(self, sources):
        self.mark += 1
        todo, plan = list(sources), []
        while todo:
            constraint = todo.pop()
            if constraint.output.mark != self.mark and constraint.inputs_known(self.mark):
                plan.append(constraint)
                constraint.output.mark = self.mark
                todo.extend(self.downstream(constraint.output))
        return plan

    def downstream(self, variable):
        return [constraint for constraint in variable.constraints
                if constraint.is_satisfied() and constraint is not variable.determined_by]

    def execute(self, plan):
        for constraint in plan:
            constraint.execute()


def run_deltablue(length=120, edits=60):
    planner = Planner()
    chain = [Variable(f"v{i}", 0) for i in range(length)]
    scale, offset = Variable("scale", 2), Variable("offset", 1)
    for before, after in zip(chain, chain[1:]):
        planner.add(Equal(2, [before], after))
    leaves = [Variable(f"leaf{i}", 0) for i in range(length)]
    for variable, leaf in zip(chain, leaves):
        planner.add(Scale(3, [variable, scale, offset], leaf))
    edit = Edit(1, [], chain[0])
    planner.add(edit)
    for _ in range(edits):
        planner.execute(planner.plan([edit]))
    assert leaves[-1].value == edits * 2 + 1
    return leaves[-1].value


# --- json: indented, so that the encoder in C does not do it ---

DOCUMENT = [{"id": number, "name": f"name {number}", "tags": ["a", "b", "c"],
             "price": number / 7, "at": {"x": number, "y": [number, number + 1]}}
            for number in range(1000)]


def run_json():
    return len(json.dumps(DOCUMENT, indent=2))


# --- flask ---

def make_flask():
    from flask import Flask, jsonify
    app = Flask("tracer_work")

    @app.route("/orders/<int:order_id>")
    def order(order_id):
        lines = [{"sku": number, "price": price_of(number)} for number in range(5)]
        return jsonify(id=order_id, lines=lines, total=sum(line["price"] for line in lines))

    return app


def price_of(number):
    return (number * 7919) % 100


FLASK = []


def environ(number):
    return {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": f"/orders/{number}",
            "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False}


def run_flask(requests=200):
    if not FLASK:
        FLASK.append(make_flask())
    app, size = FLASK[0], 0
    for number in range(requests):
        body = app.wsgi_app(environ(number), lambda status, headers: None)
        size += sum(map(len, body))
        body.close()
    return size


# --- asyncio ---

async def leaf(queue, number):
    await asyncio.sleep(0)
    await queue.put(number)
    return number


async def branch(queue, number):
    first = await leaf(queue, number)
    rest = await asyncio.gather(*(leaf(queue, number + i) for i in range(3)))
    return first + sum(rest)


async def tree(branches):
    queue = asyncio.Queue()
    total = sum(await asyncio.gather(*(branch(queue, number) for number in range(branches))))
    while not queue.empty():
        total += await queue.get()
    return total


def run_asyncio():
    return asyncio.run(tree(300))


WORKLOADS = {"fib": run_fib, "richards": run_richards, "deltablue": run_deltablue,
             "json": run_json, "flask": run_flask, "asyncio": run_asyncio}
# Whose lines line_profiler counts, besides this file's.
LINES = {"json": ["json.encoder"], "flask": ["flask.app", "werkzeug.routing.matcher"],
         "asyncio": ["asyncio.queues"]}

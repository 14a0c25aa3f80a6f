# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""program.py tile T.mlir | allocate T.mlir A.mlir | schedule A.mlir S.mlir - what must hold after each pass, whatever it decided.

tile      commands are right one after the other: what is read was written; what stays on chip is never moved
allocate  the same commands; buffers inside their memories, apart while both are alive; what a command reads at a time
          lies in different sections (M-MEM-4)
schedule  the same commands; order kept in each queue, loads only earlier; a token's two ends belong to one pair of queues;
          whoever overwrites or reads a tile knows of its last user (M-CTL-6)
"""
import json
import re
import sys

QUEUES = {"load": 0, "gemm": 1, "conv1d": 1, "vector": 2, "store": 3, "host": 3}
READS = ("in", "left", "res")


class Op:
    def __init__(self, line):
        self.result = (re.match(r"\s*(%\w+) = ", line) or [None, None])[1]
        self.name = re.search(r'"stos\.(\w+)"', line)[1]
        self.operands = re.findall(r"%\w+", re.search(r'"\((.*?)\)', line)[1])
        self.text = re.sub(r"%\w+", "%", line)
        self.refs = re.findall(r'"(\w+)"', (re.search(r"refs = \[(.*?)\]", line) or ["", ""])[1])
        self.waits = re.findall(r'"s(\d+):1@0"', line)
        self.signals = re.findall(r'"s(\d+):1@0 (read|done)"', line)

    def number(self, name, fallback=None):
        found = re.search(r"\b%s = (-?\d+)" % name, self.text)
        return int(found[1]) if found else fallback

    def string(self, name):
        found = re.search(r'\b%s = "([^"]*)"' % name, self.text)
        return found[1] if found else None

    def of(self, *refs):
        return [b for ref, b in zip(self.refs, self.operands) if ref in refs]

    def written(self):
        if self.name == "host":
            return self.operands[:1]
        if self.name == "store":
            return self.of("dram")
        return self.of("out", "param") if self.name == "load" else [] if self.number("hold_back") else self.of("out")

    def sees_image(self):
        """Is any line and pixel of the window inside? Of a chunk for one tap there may be only padding."""
        def inside(first, count, stride, taps, dilation, size):
            low = self.number(first, 0)
            high = low + (self.number(count, 1) - 1) * self.number(stride, 1)
            return high + (self.number(taps, 1) - 1) * self.number(dilation, 1) >= 0 and low < self.number(size, 1)
        return inside("y0", "ny", "stride_y", "nkh", "dil_y", "ih") and inside("x0", "nx", "stride_x", "nkw", "dil_x", "iw")

    def read(self):
        if self.name == "host":
            return self.operands[1:]
        if self.name == "load":
            return self.of("dram")
        window = self.of("in") if self.name == "store" or self.sees_image() else []
        return window + self.of("left") + ([] if self.number("hold_back") else self.of("res", "param"))

    def numbers(self, name, fallback):
        found = re.search(r"\b%s = array<i64: ([^>]*)>" % name, self.text)
        return [int(n) for n in found[1].split(",")] if found else [fallback] * 4

    def moved(self):
        """Words or entries on chip that a load or store moves."""
        words = [self.number("chip", 0)]
        for n, stride in zip(self.numbers("n", 1), self.numbers("chip_stride", 0)):
            words = [w + i * stride for w in words for i in range(n)]
        return {w + i for w in words for i in range(self.number("run", 1))}

    def plain(self):
        """The command without what the later passes add."""
        return re.sub(r'(, )?\b(waits|signals) = \[[^\]]*\]|(, )?\bahead = \d+ : i64', "", self.text).replace("{, ", "{")


class Program:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        ops = [Op(line) for line in text.split("\n") if '"stos.' in line and "func.func" not in line]
        self.buffers = {op.result: op for op in ops if op.name == "buffer"}
        self.commands = [op for op in ops if op.name in QUEUES]
        self.names = [op.name for op in ops]
        self.target = json.loads(re.search(r'stos.target = "(.*?)"\}? ?[{,]', text)[1].encode().decode("unicode_escape")
                                 if "\\22" not in text else
                                 re.search(r'stos.target = "(\{.*?\})', text)[1].replace("\\22", '"').replace("\\0A", ""))
        assert self.commands

    def on_chip(self, name):
        return self.buffers[name].string("space") in ("chip", "param")

    def is_tile(self, name):
        return self.on_chip(name) and "storage = " not in self.buffers[name].text

    def range(self, name):
        b = self.buffers[name]
        return b.string("space"), b.number("address"), b.number("address") + b.number("size")

    def meet(self, a, b):
        x, y = self.range(a), self.range(b)
        return x[0] == y[0] and x[1] < y[2] and y[1] < x[2]


def check_tile(p):
    written = {name for name, b in p.buffers.items() if b.string("space") == "weights" or
               b.string("space") == "io"}
    for op in p.commands:
        unknown = [b for b in op.read() if b not in written]
        assert not unknown, "%s reads %s, which nothing wrote" % (op.text, unknown)
        written.update(op.written())
        if op.name in ("load", "store"):
            assert all(p.is_tile(b) for b in op.of("in", "out", "param")), "a resident tensor is moved: " + op.text
    assert all(b.number("address") is None for b in p.buffers.values())


def check_allocate(p, before):
    assert [op.name for op in p.commands] == [op.name for op in before.commands]
    assert [op.operands for op in p.commands] == [op.operands for op in before.commands]
    memory = {"chip": p.target["scratchpad_words"], "param": p.target["param_entries"]}
    section = p.target["scratchpad_words"] // p.target["sections"]
    life = {}
    for i, op in enumerate(p.commands):
        for b in op.operands:
            space, first, end = p.range(b)
            assert 0 <= first and end <= memory.get(space, end), "%s lies outside" % b
            life[b] = (life.get(b, (i, i))[0], i)
        sections = [set(range(r[1] // section, (r[2] - 1) // section + 1)) for r in map(p.range, sorted(set(op.of(*READS))))]
        if op.name in ("gemm", "conv1d"):
            assert sum(map(len, sections)) == len(set().union(*sections)), "operands share a section: " + op.text
    chip = sorted(b for b in life if p.on_chip(b))
    for i, a in enumerate(chip):
        for b in chip[:i]:
            apart = life[a][1] < life[b][0] or life[b][1] < life[a][0]
            assert apart or not p.meet(a, b), "%s and %s overlap while both are alive" % (a, b)


def check_order(p, before):
    assert p.names[-1] == "end" and "end" not in before.names
    for queue in range(4):
        now, was = ([op.plain() for op in x.commands if QUEUES[op.name] == queue] for x in (p, before))
        assert now == was, "queue %d has another order" % queue
    earlier = 0
    places = [[sum(o.name != "load" for o in x.commands[:i]) for i, op in enumerate(x.commands) if op.name == "load"] for x in (p, before)]
    for now, was in zip(*places):
        assert now <= was, "a load comes later than it stood"
        earlier += now < was
    return earlier


def check_tokens(p):
    """Vector clocks: known[q] = (commands of queue q that have read, that are done)."""
    ends, signals, clocks, last = {}, {}, [], [None] * 4
    for i, op in enumerate(p.commands):
        queue = QUEUES[op.name]
        assert len(op.waits) <= 4 and len(op.signals) <= 4
        known = [list(k) for k in clocks[last[queue]]] if last[queue] is not None else [[-1, -1] for _ in range(4)]
        for s in op.waits:
            assert signals.get(s), "command %d waits for s%s, which nobody signals before" % (i, s)
            j, kind = signals[s].pop(0)
            assert ends.setdefault(s, (QUEUES[p.commands[j].name], queue)) == (QUEUES[p.commands[j].name], queue)
            for q in range(4):
                for k in range(2):
                    known[q][k] = max(known[q][k], clocks[j][q][k])
            known[QUEUES[p.commands[j].name]][0] = max(known[QUEUES[p.commands[j].name]][0], j)
            if kind == "done":
                known[QUEUES[p.commands[j].name]][1] = max(known[QUEUES[p.commands[j].name]][1], j)
        for s, kind in op.signals:
            signals.setdefault(s, []).append((i, kind))
        clocks.append(known)
        last[queue] = i
    assert not any(signals.values()), "signals are left over"
    return clocks


def tile_words(p):
    """Of each tile what is moved; the rest of its size is padding between blocks, which nobody touches."""
    words = {}
    for op in p.commands:
        for b in op.of("in", "out", "param") if op.name in ("load", "store") else []:
            words.setdefault(b, set()).update((p.buffers[b].string("space"), w) for w in op.moved())
    return words


def check_schedule(p, before):
    earlier = check_order(p, before)
    clocks = check_tokens(p)
    words, pairs = tile_words(p), 0
    for j, op in enumerate(p.commands):
        for i, other in enumerate(p.commands[:j]):
            queue = QUEUES[other.name]
            if queue == QUEUES[op.name]:
                continue
            mine = [(b, True) for b in op.written() if p.is_tile(b)] + [(b, False) for b in op.read() if p.is_tile(b)]
            others = [(b, True) for b in other.written() if p.is_tile(b)] + [(b, False) for b in other.read() if p.is_tile(b)]
            for a, writes in mine:
                for b, wrote in others:
                    if not (writes or wrote) or words[a].isdisjoint(words[b]):
                        continue
                    pairs += 1
                    assert clocks[j][queue][wrote] >= i, "command %d (%s) doesn't know that %d (%s) is over" % (
                        j, op.name, i, other.name)
    assert pairs
    print("%d commands, %d loads run ahead, %d ordered pairs" % (len(p.commands), earlier, pairs))


def main():
    mode, paths = sys.argv[1], [Program(path) for path in sys.argv[2:]]
    if mode == "tile":
        check_tile(*paths)
    elif mode == "allocate":
        check_allocate(paths[1], paths[0])
    else:
        check_schedule(paths[1], paths[0])


main()

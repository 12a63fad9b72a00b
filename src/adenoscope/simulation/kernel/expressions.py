"""Expressions as instructions: each node once, a product that is added once as a fused multiply-add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.kernel.writer import Writer

VECTOR_FUNCTIONS = {"exp": "vexp", "log": "vlog", "pow": "vpow"}
INTRINSICS = {"sqrt": "sqrt", "abs": "fabs", "floor": "floor", "ceil": "ceil", "trunc": "trunc"}
RELATIONS = {"lt": "olt", "le": "ole", "eq": "oeq"}
JOINS = ("and", "or", "xor")
LOGICAL = {*RELATIONS, *JOINS, "not"}

Leaf = Callable[[Node], "str | None"]


class Expressions:
    """The registers that hold the nodes of a graph within one function.

    ``leaf`` gives the register of a node that is loaded instead of computed (a symbol, a hoisted part), else None.
    ``roots``: all nodes that will be asked for; they decide which products are fused.
    """

    def __init__(self, writer: Writer, graph: Graph, roots: Iterable[Node], leaf: Leaf) -> None:
        self.writer = writer
        self.graph = graph
        self.leaf = leaf
        self._numbers: dict[Node, str] = {}
        self._masks: dict[Node, str] = {}
        roots = list(roots)
        self._uses = Counter(arg for node in graph.reachable(roots) for arg in graph.args[node])
        self._uses.update(roots)

    def evaluate(self, root: Node) -> str:
        """Return the register that holds ``root``, writing what is missing for it."""
        stack = [root]
        while stack:
            node = stack[-1]
            if node in self._numbers:
                stack.pop()
                continue
            leaf = self._leaf(node)
            if leaf is not None:
                self._numbers[node] = leaf
                continue
            missing = [arg for arg in self._needed(node) if arg not in self._numbers]
            if missing:
                stack.extend(reversed(missing))
            else:
                self._numbers[node] = self._write(node)
        return self._numbers[root]

    def _leaf(self, node: Node) -> str | None:
        value = self.graph.value(node)
        return self.writer.number(value) if value is not None else self.leaf(node)

    def _fused(self, node: Node) -> Node | None:
        """Return the product that a sum takes in, if there is one that nobody else wants."""
        if self.graph.ops[node] == "add":
            for arg in reversed(self.graph.args[node]):
                if self.graph.ops[arg] == "mul" and self._uses[arg] == 1 and self.leaf(arg) is None:
                    return arg
        return None

    def _needed(self, node: Node) -> Sequence[Node]:
        product = self._fused(node)
        if product is None:
            return self.graph.args[node]
        return (self._other(node, product), *self.graph.args[product])

    def _other(self, node: Node, product: Node) -> Node:
        a, b = self.graph.args[node]
        return a if b == product else b

    def _write(self, node: Node) -> str:
        op = self.graph.ops[node]
        if op == "add":
            return self._write_sum(node)
        if op == "select":
            return self._write_choice(node)
        args = [self._numbers[arg] for arg in self.graph.args[node]]
        if op in LOGICAL:
            return self.writer.select(self.mask(node), self.writer.number(1.0), self.writer.number(0.0))
        return self._write_function(op, args, minus=op == "mul" and self.graph.value(self.graph.args[node][0]) == -1)

    def _write_function(self, op: str, args: list[str], *, minus: bool) -> str:
        w = self.writer
        if minus:
            return w.neg(args[1])
        if op in ("mul", "div"):
            return w.binary(f"f{op}", *args)
        if op in VECTOR_FUNCTIONS:
            return w.call(VECTOR_FUNCTIONS[op], *args)
        return w.intrinsic(INTRINSICS[op], *args) if op in INTRINSICS else w.each_lane(op, *args)

    def _write_choice(self, node: Node) -> str:
        condition, yes, no = self.graph.args[node]
        return self.writer.select(self.mask(condition), self._numbers[yes], self._numbers[no])

    def _write_sum(self, node: Node) -> str:
        w = self.writer
        product = self._fused(node)
        if product is None:
            return w.add(*(self._numbers[arg] for arg in self.graph.args[node]))
        other = self._numbers[self._other(node, product)]
        left, right = self.graph.args[product]
        if self.graph.value(left) == -1:
            return w.sub(other, self._numbers[right])
        return w.fma(self._numbers[left], self._numbers[right], other)

    def mask(self, node: Node) -> str:
        """Return the mask of where a node, whose arguments are in registers, is true."""
        if node not in self._masks:
            self._masks[node] = self._write_mask(node)
        return self._masks[node]

    def _write_mask(self, node: Node) -> str:
        w, op, args = self.writer, self.graph.ops[node], self.graph.args[node]
        if self._leaf(node) is None:
            if op in RELATIONS:
                return w.compare(RELATIONS[op], *(self._numbers[arg] for arg in args))
            if op in JOINS:
                return w.put(f"{op} {w.mask} {self.mask(args[0])}, {self.mask(args[1])}")
            if op == "not":
                return w.compare("oeq", self._numbers[args[0]], w.number(0.0))
        return w.compare("une", self._numbers[node], w.number(0.0))

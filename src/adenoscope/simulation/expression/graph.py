"""A graph of expressions in which equal parts are one node (hash consing).

A node is an index; its arguments come before it, so the order of indices is an order of evaluation. Booleans are the
numbers 0 and 1, and any number but 0 is true, as in SBML Level 3 Version 2. The same calls in the same order give the
same indices in every process, which keeps generated code the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from adenoscope.simulation.expression.functions import APPLY

Node = int
LARGEST_EXPANDED_POWER = 16


def _ordinary(value: float) -> bool:
    """Return whether a product of constants neither overflowed nor lost digits."""
    return sys.float_info.min <= abs(value) <= sys.float_info.max


class Graph:
    """Nodes by index: ``ops[n]`` applied to ``args[n]``; constants and symbols have a ``payload`` instead."""

    def __init__(self) -> None:
        self.ops: list[str] = []
        self.args: list[tuple[Node, ...]] = []
        self.payload: list[float | str | None] = []
        self._index: dict[tuple[object, ...], Node] = {}

    def __len__(self) -> int:
        return len(self.ops)

    def _intern(self, op: str, args: tuple[Node, ...], payload: float | str | None = None) -> Node:
        # A constant is told by its bits: 0.0 and -0.0 differ, and NaN is like itself.
        key = (op, args, payload.hex() if isinstance(payload, float) else payload)
        node = self._index.get(key)
        if node is None:
            node = self._index[key] = len(self.ops)
            self.ops.append(op)
            self.args.append(args)
            self.payload.append(payload)
        return node

    def constant(self, value: float) -> Node:
        return self._intern("constant", (), float(value))

    def symbol(self, name: str) -> Node:
        return self._intern("symbol", (), name)

    def value(self, node: Node) -> float | None:
        """Return a constant's value, or None where the node is not a constant."""
        payload = self.payload[node]
        return payload if isinstance(payload, float) else None

    def name(self, node: Node) -> str | None:
        """Return a symbol's name, or None where the node is not a symbol."""
        payload = self.payload[node]
        return payload if isinstance(payload, str) else None

    def add(self, a: Node, b: Node) -> Node:
        if self.value(a) == 0:
            return b
        if self.value(b) == 0:
            return a
        return self._fold("add", *sorted((a, b)))

    def mul(self, a: Node, b: Node) -> Node:
        for one, other in ((a, b), (b, a)):
            value = self.value(one)
            if value == 0:
                return self.constant(0.0)
            if value == 1:
                return other
            if value is not None and self.ops[other] == "mul":
                inner = self.value(self.args[other][0])
                if inner is not None and _ordinary(value * inner):
                    return self.mul(self.constant(value * inner), self.args[other][1])
        if self.value(b) is not None:
            a, b = b, a
        return self._fold("mul", *((a, b) if self.value(a) is not None else sorted((a, b))))

    def neg(self, a: Node) -> Node:
        return self.mul(self.constant(-1.0), a)

    def sub(self, a: Node, b: Node) -> Node:
        return self.constant(0.0) if a == b else self.add(a, self.neg(b))

    def div(self, a: Node, b: Node) -> Node:
        if self.value(b) == 1 or (self.value(a) == 0 and self.value(b) is None):
            return a
        return self._fold("div", a, b)

    def pow(self, a: Node, b: Node) -> Node:
        exponent = self.value(b)
        if exponent is not None and self.value(a) is None:
            if exponent == int(exponent) if abs(exponent) <= LARGEST_EXPANDED_POWER else False:
                return self._power(a, int(exponent))
            if exponent == 0.5:
                return self._fold("sqrt", a)
        return self._fold("pow", a, b)

    def _power(self, a: Node, exponent: int) -> Node:
        if exponent < 0:
            return self.div(self.constant(1.0), self._power(a, -exponent))
        if exponent == 0:
            return self.constant(1.0)
        if exponent == 1:
            return a
        half = self._power(a, exponent // 2)
        square = self.mul(half, half)
        return self.mul(square, a) if exponent % 2 else square

    def select(self, condition: Node, yes: Node, no: Node) -> Node:
        """Return ``yes`` where the condition is not 0, else ``no``."""
        value = self.value(condition)
        if value is not None:
            return yes if value != 0 else no
        return yes if yes == no else self._intern("select", (condition, yes, no))

    def apply(self, op: str, *args: Node) -> Node:
        """Return ``op`` applied to ``args``, simplified; see ``functions`` for the operations."""
        simplified = {"add": self.add, "mul": self.mul, "div": self.div, "pow": self.pow, "select": self.select}
        return simplified[op](*args) if op in simplified else self._fold(op, *args)

    def _fold(self, op: str, *args: Node) -> Node:
        values = [self.value(arg) for arg in args]
        known = [value for value in values if value is not None]
        if len(known) == len(args):
            return self.constant(APPLY[op](*known))
        return self._intern(op, args)

    def sum(self, nodes: Iterable[Node]) -> Node:
        total = self.constant(0.0)
        for node in nodes:
            total = self.add(total, node)
        return total

    def reachable(self, roots: Iterable[Node]) -> list[Node]:
        """Return all nodes that ``roots`` are made of, arguments first."""
        seen: set[Node] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack.extend(self.args[node])
        return sorted(seen)

    def symbols(self, roots: Iterable[Node]) -> list[str]:
        """Return the names of all symbols that ``roots`` are made of, in order of first appearance."""
        names = (self.name(node) for node in self.reachable(roots))
        return [name for name in names if name is not None]

    def substitute(self, roots: Sequence[Node], by_name: dict[str, Node]) -> list[Node]:
        """Return ``roots`` with every symbol named in ``by_name`` replaced; all symbols at once."""
        new: dict[Node, Node] = {}
        for node in self.reachable(roots):
            name = self.name(node)
            if name is not None:
                new[node] = by_name.get(name, node)
            elif self.args[node]:
                args = tuple(new[arg] for arg in self.args[node])
                new[node] = node if args == self.args[node] else self.apply(self.ops[node], *args)
            else:
                new[node] = node
        return [new[root] for root in roots]

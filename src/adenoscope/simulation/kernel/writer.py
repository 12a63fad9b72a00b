"""LLVM's assembly text, one line an instruction, on vectors with a lane for each subject."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from adenoscope.simulation.lowering.layout import Layout

# A function of the vector library takes vectors and returns one; everything else takes the block of memory.
HEAD = "define {linkage}void @{name}(ptr align 64 %w{arguments}) nounwind {{\nentry:"


class Writer:
    """The text of one function, and the names of its values.

    Registers are numbered; ``rows`` remembers which row is already in a register.
    """

    def __init__(self, lanes: int, layout: Layout) -> None:
        self.lanes = lanes
        self.layout = layout
        self.vector = f"<{lanes} x double>"
        self.mask = f"<{lanes} x i1>"
        self.whole = f"<{lanes} x i64>"
        self.lines: list[str] = []
        self._count = 0
        self._loaded: dict[int, str] = {}

    def put(self, text: str) -> str:
        """Write one instruction that has a result, and return the result's name."""
        name = f"%v{self._count}"
        self._count += 1
        self.lines.append(f"  {name} = {text}")
        return name

    def say(self, text: str) -> None:
        """Write one instruction without a result."""
        self.lines.append(f"  {text}")

    def label(self, name: str) -> None:
        self.lines.append(f"{name}:")

    def number(self, value: float) -> str:
        """Return a constant vector with ``value`` in every lane; bits, so that nothing is lost in print."""
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
        return f"splat (double 0x{bits:016X})"

    def integer(self, value: int) -> str:
        return f"splat (i64 {value})"

    def address(self, row: int) -> str:
        return self.put(f"getelementptr inbounds double, ptr %w, i64 {row * self.lanes}")

    def load(self, row: int) -> str:
        """Return the register that holds ``row``, loaded the first time it is asked for."""
        if row not in self._loaded:
            self._loaded[row] = self.load_from(self.address(row))
        return self._loaded[row]

    def load_from(self, address: str) -> str:
        return self.put(f"load {self.vector}, ptr {address}, align {8 * self.lanes}")

    def store(self, value: str, row: int) -> None:
        self.store_to(value, self.address(row))
        self._loaded[row] = value

    def store_to(self, value: str, address: str) -> None:
        self.say(f"store {self.vector} {value}, ptr {address}, align {8 * self.lanes}")

    def forget(self) -> None:
        """Forget which rows are in registers: other code may have changed them, or a new block begins."""
        self._loaded.clear()

    def binary(self, operation: str, a: str, b: str) -> str:
        return self.put(f"{operation} {self.vector} {a}, {b}")

    def add(self, a: str, b: str) -> str:
        return self.binary("fadd", a, b)

    def sub(self, a: str, b: str) -> str:
        return self.binary("fsub", a, b)

    def mul(self, a: str, b: str) -> str:
        return self.binary("fmul", a, b)

    def div(self, a: str, b: str) -> str:
        return self.binary("fdiv", a, b)

    def neg(self, a: str) -> str:
        return self.put(f"fneg {self.vector} {a}")

    def fma(self, a: str, b: str, c: str) -> str:
        """Return a * b + c, rounded once."""
        return self.intrinsic("fma", a, b, c)

    def intrinsic(self, name: str, *args: str) -> str:
        return self.call(f"llvm.{name}.v{self.lanes}f64", *args)

    def call(self, name: str, *args: str) -> str:
        """Return what a function of vectors gives."""
        typed = ", ".join(f"{self.vector} {arg}" for arg in args)
        return self.put(f"call {self.vector} @{name}({typed})")

    def kernel(self, name: str) -> None:
        self.say(f"call void @{name}(ptr align 64 %w)")

    def compare(self, relation: str, a: str, b: str) -> str:
        """Return a mask, from one of LLVM's relations: olt, ole, oge, oeq, une, uno."""
        return self.put(f"fcmp {relation} {self.vector} {a}, {b}")

    def select(self, mask: str, yes: str, no: str) -> str:
        return self.put(f"select {self.mask} {mask}, {self.vector} {yes}, {self.vector} {no}")

    def each_lane(self, function: str, a: str) -> str:
        """Return a C library function of each lane."""
        result = "undef"
        for lane in range(self.lanes):
            x = self.put(f"extractelement {self.vector} {a}, i32 {lane}")
            y = self.put(f"call double @{function}(double {x})")
            result = self.put(f"insertelement {self.vector} {result}, double {y}, i32 {lane}")
        return result

    def row_in(self, base: str, number: int) -> str:
        """Return the address of a row counted from the address ``base``."""
        return self.put(f"getelementptr inbounds double, ptr {base}, i64 {number * self.lanes}")

    def loop(self, count: int, body: Callable[[str], None]) -> None:
        """Write ``body`` once for all rows of a block; it gets the row's offset in numbers [i64]."""

        def without_total(offset: str, total: str) -> str:
            body(offset)
            return total

        self.gather(count, self.number(0.0), without_total)

    def gather(self, count: int, start: str, body: Callable[[str, str], str]) -> str:
        """Write ``body`` once for all rows of a block; it gets the offset and a total, and returns the new total."""
        number = self._count
        before, turn, end = (f"{name}{number}" for name in ("before", "loop", "end"))
        self.say(f"br label %{before}")
        self.label(before)
        self.say(f"br label %{turn}")
        self.label(turn)
        offset = self.put(f"phi i64 [ 0, %{before} ], [ %next{number}, %{turn} ]")
        total = self.put(f"phi {self.vector} [ {start}, %{before} ], [ %total{number}, %{turn} ]")
        found = body(offset, total)
        # Names known before the body is written: the loop's head refers to them.
        self.say(f"%total{number} = select i1 true, {self.vector} {found}, {self.vector} {found}")
        self.say(f"%next{number} = add i64 {offset}, {self.lanes}")
        done = self.put(f"icmp uge i64 %next{number}, {count * self.lanes}")
        self.say(f"br i1 {done}, label %{end}, label %{turn}")
        self.label(end)
        self.forget()
        return f"%total{number}"

    def row_at(self, row: int, offset: str) -> str:
        """Return the address of the row ``offset`` numbers after ``row``."""
        return self.put(f"getelementptr inbounds double, ptr {self.address(row)}, i64 {offset}")

    def function(self, name: str, *, public: bool, arguments: str = "") -> str:
        """Return the finished text of a function of the block of memory."""
        head = HEAD.format(linkage="" if public else "internal ", name=name, arguments=arguments)
        return "\n".join([head, *self.lines, "  ret void", "}"])


def vector_function(writer: Writer, name: str, arguments: Sequence[str], result: str) -> str:
    """Return the finished text of a function of vectors."""
    typed = ", ".join(f"{writer.vector} %{argument}" for argument in arguments)
    head = f"define internal {writer.vector} @{name}({typed}) nounwind {{\nentry:"
    return "\n".join([head, *writer.lines, f"  ret {writer.vector} {result}", "}"])

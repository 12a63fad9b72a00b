"""Expressions as machine code over any number of lanes: what the kernels do, without a model around it."""

from __future__ import annotations

import ctypes

import numpy as np

from adenoscope.simulation.kernel.expressions import Expressions
from adenoscope.simulation.kernel.machine import compile_object, load_object
from adenoscope.simulation.kernel.mathematics import library
from adenoscope.simulation.kernel.scope import leaf_of
from adenoscope.simulation.kernel.writer import Writer
from adenoscope.simulation.lowering.layout import Layout
from adenoscope.simulation.solver.memory import aligned


class Compiled:
    """The values of ``roots`` where the symbols ``names`` have given values."""

    def __init__(self, graph, roots, names, lanes=4):
        layout = Layout({"symbols": 0, "roots": len(names)}, {"symbols": len(names), "roots": len(roots)})
        w = Writer(lanes, layout)
        expressions = Expressions(w, graph, roots, leaf_of(w, graph, {name: n for n, name in enumerate(names)}))
        for n, root in enumerate(roots):
            w.store(expressions.evaluate(root), layout.row("roots", n))
        text = "\n".join([library(Writer(lanes, layout)), w.function("look", public=True)]) + "\n"
        self.code = load_object(compile_object(text), ["look"])
        self.look = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.code.addresses["look"])
        self.block = aligned(layout.rows, lanes)
        self.n_symbols = len(names)

    def __call__(self, values):
        """Return an array of shape (root, point) for an array of shape (symbol, point)."""
        lanes, n_points = self.block.shape[1], values.shape[1]
        found = np.empty((self.block.shape[0] - self.n_symbols, n_points))
        for first in range(0, n_points, lanes):
            size = min(lanes, n_points - first)
            self.block[: self.n_symbols, :size] = values[:, first : first + size]
            self.look(self.block.ctypes.data)
            found[:, first : first + size] = self.block[self.n_symbols :, :size]
        return found

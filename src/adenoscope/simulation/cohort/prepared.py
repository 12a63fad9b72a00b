"""A model's text made ready to run: read, lowered, compiled, each once in a process."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from adenoscope.core.errors import input_error
from adenoscope.simulation.expression.graph import Node
from adenoscope.simulation.kernel.machine import Code
from adenoscope.simulation.kernel.module import MODEL_KERNELS, OBSERVE_KERNELS, model_text, observe_text
from adenoscope.simulation.kernel.scope import constant_rows
from adenoscope.simulation.kernel.store import compiled_code
from adenoscope.simulation.lowering.layout import Layout, make_layout
from adenoscope.simulation.lowering.program import Program, lower
from adenoscope.simulation.sbml.read import read_sbml
from adenoscope.simulation.solver.memory import make_plan
from adenoscope.simulation.solver.tables import Whole
from adenoscope.simulation.system import System

KEPT = 64  # models, and sets of observables, that stay in memory


@dataclass(frozen=True)
class Source:
    """A model's text in SBML, the name of its file, and the names whose initial values the caller gives."""

    sbml: str
    file: str
    overridden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Prepared:
    """A model in every form up to the code's text."""

    source: Source
    system: System
    program: Program
    layout: Layout

    @cached_property
    def target_rows(self) -> dict[str, int]:
        """The row of every state and constant."""
        rows = constant_rows(self.program, self.layout)
        return rows | {name: self.layout.row("y", n) for n, name in enumerate(self.program.states)}

    @cached_property
    def input_rows(self) -> dict[str, int]:
        """The row of every input."""
        return {name: self.layout.row("inputs", n) for n, name in enumerate(self.program.inputs)}


@lru_cache(KEPT)
def read_system(source: Source) -> System:
    return read_sbml(source.sbml, overridden=source.overridden, file=source.file)


@lru_cache(KEPT)
def prepare(source: Source, queue: int) -> Prepared:
    """Return a model ready to be compiled; ``queue`` delayed events of a subject may wait at once."""
    system = read_system(source)
    program = lower(system)
    return Prepared(source, system, program, make_layout(program, queue))


@lru_cache(KEPT)
def model_code(source: Source, queue: int, lanes: int) -> Code:
    """Return the kernels that move a model."""
    ready = prepare(source, queue)
    return compiled_code(model_text(ready.program, ready.layout, lanes), MODEL_KERNELS)


@lru_cache(KEPT)
def observe_code(source: Source, queue: int, lanes: int, observables: tuple[str, ...]) -> Code:
    """Return the kernels that compute the observables."""
    ready = prepare(source, queue)
    nodes = observable_nodes(ready.system, observables)
    text = observe_text(ready.program, ready.layout, lanes, ready.system.graph, nodes)
    return compiled_code(text, OBSERVE_KERNELS)


def observable_nodes(system: System, observables: Sequence[str]) -> list[Node]:
    """Return the expression of each observable.

    A name means what the model means by it; ``amount(S)`` and ``concentration(S)`` ask for a species' unit.

    Raises:
        InputError: an observable is not a name of the model.
    """
    known = dict(system.quantities)
    known |= {f"amount({name})": node for name, node in system.amounts.items()}
    known |= {f"concentration({name})": node for name, node in system.concentrations.items()}
    unknown = [name for name in observables if name not in known]
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, n=3)
        raise input_error(
            system.name,
            found=f"no quantity is called {', '.join(f'`{name}`' for name in unknown)}",
            allowed="the names of the model's species, compartments, parameters and reactions",
            remedy=f"did you mean {' or '.join(close)}?" if close else "look the names up in the model",
        )
    return [known[name] for name in observables]


@lru_cache(KEPT)
def driver_plan(
    source: Source,
    queue: int,
    lanes: int,
    observables: tuple[str, ...],
    columns: tuple[str, ...],
    together: bool,
) -> tuple[Whole, tuple[Code, Code]]:
    """Return the table that tells the driver about a model, and the code whose addresses are in it.

    ``columns`` are the inputs that subjects differ in. Whoever uses the table must hold on to the code.
    """
    ready = prepare(source, queue)
    code = model_code(source, queue, lanes)
    looking = observe_code(source, queue, lanes, observables)
    plan = make_plan(
        ready.program,
        ready.layout,
        {**code.addresses, **looking.addresses},
        ready.target_rows,
        [ready.input_rows[name] for name in columns],
        observed=len(observables),
        together=int(together),
    )
    return plan, (code, looking)

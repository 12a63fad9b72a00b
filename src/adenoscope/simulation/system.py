"""What a model says, whichever language it was written in: states, rates, events, and names for everything.

All expressions live in one graph. Their symbols are ``time``, the states, and the constants. A state changes
continuously, by ``rates``; a constant changes at events only, or never. Assignment rules and function definitions are
already put in. A species is a state or constant that holds its *amount*; concentrations are expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adenoscope.simulation.expression.graph import Graph, Node

TIME = "time"


@dataclass(frozen=True)
class Assignment:
    """One assignment of an event.

    ``value`` is in the units of the name the modeller wrote. ``stored`` is what the state or constant ``target`` is
    to hold: an expression in which the symbol ``value:TARGET`` stands for the value, a concentration times the
    compartment's size just before the event, for example.
    """

    target: str
    value: Node
    stored: Node


@dataclass(frozen=True)
class Event:
    """What happens when ``trigger`` turns true: assignments, at once or after ``delay``.

    ``initial_value``: what the trigger counts as just before the start. ``persistent``: whether a delayed event
    survives its trigger turning false. ``values_from_trigger``: whether values are computed when the trigger fires,
    or when the assignments are made. ``priority``: the higher goes first; None goes last.
    """

    name: str
    trigger: Node
    assignments: tuple[Assignment, ...]
    delay: Node | None = None
    priority: Node | None = None
    initial_value: bool = True
    persistent: bool = True
    values_from_trigger: bool = True


@dataclass(frozen=True)
class System:
    """A model.

    ``inputs``: plain numbers that a caller may override, by name. A state or constant starts from the input of its
    own name, unless ``initial`` has an expression for it; there every symbol but ``time`` is an input. A species that
    the model starts in the other unit than its formulas use has the input ``amount:S`` or ``concentration:S``.
    ``rates``: d/dt of each state; every state has one. ``constants``: everything else that has a value of its own
    (parameters, compartments, amounts that only events change), in order; each has an input or an initial expression.
    ``quantities``: what every name of the model stands for, as its modeller means it; ``amounts`` and
    ``concentrations``: species alone, in the unit asked for.
    """

    name: str
    graph: Graph
    inputs: Mapping[str, float]
    initial: Mapping[str, Node]
    rates: Mapping[str, Node]
    constants: tuple[str, ...]
    events: tuple[Event, ...]
    quantities: Mapping[str, Node]
    amounts: Mapping[str, Node]
    concentrations: Mapping[str, Node]

"""A model made ready for code: what each kernel computes, as nodes of one fresh graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from adenoscope.simulation.expression.derive import gradients
from adenoscope.simulation.expression.graph import Graph, Node
from adenoscope.simulation.lowering.factorise import Factorisation, Place, factorise
from adenoscope.simulation.lowering.modes import Mode, jumps, make_mode
from adenoscope.simulation.lowering.regroup import ConstantTest, regroup
from adenoscope.simulation.system import TIME, Event, System

STILL = "still"  # a state of its own for models in which nothing moves, so that there is always something to step


@dataclass(frozen=True)
class Program:
    """What is computed when.

    At the start: ``initial`` (symbols are inputs). Between events, once: ``hoisted``. In a step: ``rates``, their
    partial derivatives by time (``time_partials``, empty for autonomous models) and by states (``jacobian``).
    At events: ``triggers``, ``delays``, ``priorities``, one for each event; ``values`` and ``stored``, one for each
    assignment, in the order of ``events``.
    """

    graph: Graph
    states: tuple[str, ...]
    inputs: Mapping[str, float]
    derived: tuple[str, ...]
    initial: Mapping[str, Node]
    modes: tuple[Mode, ...]
    hoisted: tuple[Node, ...]
    rates: tuple[Node, ...]
    time_partials: tuple[Node, ...]
    jacobian: Mapping[Place, Node]
    factorisation: Factorisation
    events: tuple[Event, ...]
    triggers: tuple[Node, ...]
    delays: tuple[Node, ...]
    priorities: tuple[Node, ...]
    values: tuple[Node, ...]
    stored: tuple[Node, ...]


def lower(system: System) -> Program:
    """Return ``system`` made ready for code. The graph is a fresh one, so the code is the same every time."""
    system = system if system.rates else _with_still_state(system)
    source, graph = system.graph, Graph()
    states = tuple(system.rates)
    varying = {TIME, *states}
    trigger_roots = [event.trigger for event in system.events]
    found = jumps(source, [*system.rates.values(), *trigger_roots], varying)
    copies = regroup(source, found, graph, {}, set())
    modes = tuple(make_mode(graph, n, node, varying) for n, node in enumerate(copies))
    replaced = {node: graph.symbol(mode.name) for node, mode in zip(found, modes, strict=True)}
    rates = regroup(source, list(system.rates.values()), graph, replaced, varying)
    rows = gradients(graph, rates)
    time_partials = tuple(row.get(TIME, graph.constant(0.0)) for row in rows)
    autonomous = all(graph.value(node) == 0 for node in time_partials)
    column = {name: j for j, name in enumerate(states)}
    jacobian = {(i, column[name]): row[name] for i, row in enumerate(rows) for name in row if name in column}
    partials = () if autonomous else time_partials
    moving = [*rates, *partials, *jacobian.values()]
    return Program(
        graph=graph,
        states=states,
        inputs=dict(system.inputs),
        derived=tuple(name for name in system.constants if name in system.initial),
        initial=dict(zip(system.initial, _copy(source, list(system.initial.values()), graph), strict=True)),
        modes=modes,
        hoisted=_hoisted(graph, moving, varying),
        rates=tuple(rates),
        time_partials=partials,
        jacobian=jacobian,
        factorisation=factorise(len(states), jacobian),
        events=system.events,
        triggers=tuple(regroup(source, trigger_roots, graph, replaced, set())),
        **_event_nodes(system, graph),
    )


def _with_still_state(system: System) -> System:
    return replace(system, rates={STILL: system.graph.constant(0.0)}, inputs={**system.inputs, STILL: 0.0})


def _copy(source: Graph, roots: list[Node], graph: Graph) -> list[Node]:
    return regroup(source, roots, graph, {}, set())


def _event_nodes(system: System, graph: Graph) -> dict[str, tuple[Node, ...]]:
    zero, least = system.graph.constant(0.0), system.graph.constant(float("-inf"))
    assignments = [assignment for event in system.events for assignment in event.assignments]
    parts = {
        "delays": [zero if event.delay is None else event.delay for event in system.events],
        "priorities": [least if event.priority is None else event.priority for event in system.events],
        "values": [assignment.value for assignment in assignments],
        "stored": [assignment.stored for assignment in assignments],
    }
    return {name: tuple(_copy(system.graph, nodes, graph)) for name, nodes in parts.items()}


def _hoisted(graph: Graph, roots: list[Node], varying: set[str]) -> tuple[Node, ...]:
    """Return what ``roots`` use that is constant between events and takes work to compute."""
    is_constant = ConstantTest(graph, varying)
    nodes = graph.reachable(roots)
    used = {arg for node in nodes if not is_constant(node) for arg in graph.args[node]} | set(roots)
    return tuple(sorted(node for node in used if is_constant(node) and graph.args[node]))

"""Events: what they say of themselves, what they say where they are silent, and what they store."""

import pytest
from sbml_documents import antimony, assignment, compartment, document, formula, now, parameter, species

from adenoscope.simulation.sbml.read import read_sbml

LATE = formula("time > 1")


def event(*assignments, trigger=LATE, more=""):
    made = f"<listOfEventAssignments>{''.join(assignments)}</listOfEventAssignments>"
    trigger = f'<trigger initialValue="false" persistent="false">{trigger}</trigger>'
    return f'<event id="E" useValuesFromTriggerTime="false">{trigger}{more}{made}</event>'


def model(*events):
    return read_sbml(
        document(
            Compartments=compartment("V", 2),
            Species=species("S", "V", 'initialConcentration="1"')
            + species("N", "V", 'initialAmount="1"', substance=True),
            Parameters=parameter("p", 3),
            Events="".join(events),
        )
    )


def test_an_event_says_how_it_starts_lasts_and_waits():
    more = f"<delay>{formula('p * 2')}</delay><priority>{formula('p + 1')}</priority>"
    system = model(event(assignment("p", "p * 5"), more=more))
    (read,) = system.events
    assert (read.name, read.initial_value, read.persistent, read.values_from_trigger) == ("E", False, False, False)
    nodes = {"delay": read.delay, "priority": read.priority, "p": read.assignments[0].value}
    assert now(system, nodes) == {"delay": 6, "priority": 4, "p": 15}
    assert now(system, {"trigger": read.trigger}, time=2.0) == {"trigger": 1}


def test_before_level_3_a_trigger_is_true_at_the_start_and_its_event_lasts():
    text = document(
        2,
        3,
        Parameters='<parameter id="p" value="3" constant="false"/>',
        Events=f"<event><trigger>{LATE}</trigger>"
        f"<listOfEventAssignments>{assignment('p', '5')}</listOfEventAssignments></event>",
    )
    (read,) = read_sbml(text).events
    assert (read.name, read.initial_value, read.persistent, read.values_from_trigger) == ("event 1", True, True, True)
    assert (read.delay, read.priority) == (None, None)


@pytest.mark.parametrize(
    ("target", "stored"),
    [("p", 7), ("V", 7), ("N", 7), ("S", 7 * 2)],
)
def test_an_assigned_concentration_is_stored_as_an_amount(target, stored):
    system = model(event(assignment(target, "7")))
    (made,) = system.events[0].assignments
    assert now(system, {"stored": made.stored}, **{f"value:{target}": 7.0}) == {"stored": stored}


def test_a_concentration_assigned_along_with_its_volume_counts_in_the_volume_before():
    # as the SBML Test Suite has it, cases 01779 and 01780
    system = model(event(assignment("V", "10"), assignment("S", "7")))
    made = {a.target: a.stored for a in system.events[0].assignments}
    assert now(system, made, **{"value:S": 7.0, "value:V": 10.0}) == {"V": 10, "S": 14}


@pytest.mark.parametrize("trigger", ["", LATE])
def test_an_event_that_cannot_happen_or_do_anything_is_left_out(trigger):
    assignments = () if trigger else (assignment("p", "1"),)
    assert model(event(*assignments, trigger=trigger)).events == ()


def test_a_trigger_may_be_a_number():
    system = antimony("p = 1; q = 0.5; at (q): p = 2")
    assert now(system, {"trigger": system.events[0].trigger}) == {"trigger": 0.5}

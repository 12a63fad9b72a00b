"""The README of an exported calibration: where it is from, how to read it, and where it differs from ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill

from adenoscope.core.parameter import Parameter
from adenoscope.inference.calibration.folder.model import AGAIN_S, STEEPNESS
from adenoscope.inference.calibration.folder.priors import FARTHEST_SD, uneven
from adenoscope.inference.calibration.folder.rows import BEND, Row, condition_name
from adenoscope.inference.predict.noise import N_NOISE, NOISE_TIME_S, SALINE_PEAK

# The floor's formula beside simulated noise, measured on 5481 curves (609 draws of the priors, nine interventions):
# points of ΔF/F [%] in 95 % of curves, and in all; percent of the mean positive part in all.
USUAL_PEAK, WORST_PEAK, WORST_MEAN = 0.15, 0.5, 5

TEXT = """\
# Calibration of the adenosine mechanism, as a PEtab problem (version 1)

{provenance}

`calibration.yaml` names the files: `model.xml` (SBML Level 3), and tables of parameters, observables, conditions and
measurements. {rows} observations, {parameters} estimated parameters. Times in s, concentrations in µM,
ΔF/F as a fraction.

## How to read it
- **Conditions** set constants: doses at the intervention (`<state>_dose`, µmol/kg), gas of its bout (`bout_fio2`), a
  dose half an hour before (`<state>_before`), switches of genotype, stress and region, and what isolated mitochondria
  are given (`drug_ketamine_um`).
- **Two animals** go through every condition, one after the other: at {again:g} s an event puts every state back to
  where it began. The intervention is half an hour after an animal's start. Only the second is pretreated, so a ratio
  over no pretreatment is that of the second over the first. Times to a share of the peak are read from the second,
  when the first has shown how high the peak is.
- **Less saline** is less the start: saline leaves the model at rest, but for up to 0.02 standard deviations of a row.
- **Mitochondria** stand twice in the model, with drug and with vehicle; they end at 1800 s.
- **Solvers** need a relative tolerance of 1e-6 or better for the times; libroadrunner a list of absolute tolerances.
  Constants are to be set before initial assignments are computed, as PEtab asks.
- **A row's noise** is normal; its band holds 95 %. Of a band with one open side only the other counts: the formula
  equals the observed mean on the open side.

## The noise floor of a maximum
A peak is the mean maximum of a noisy recording, so that saline has one ({floor:g} %). We simulate that noise
({curves} curves, correlated over {time:g} s). Here a formula stands for it: where noise passes a level u at a rate
of exp(-{steepness:g} u), its maximum has a Gumbel distribution, and a curve x(t) lifts the mean maximum by

    log(mean over half an hour of exp({steepness:g} x))/{steepness:g}

which the state `rise` integrates. On 5481 curves (609 draws of the priors, nine interventions) peaks differ from ours
by less than {usual:g} points of ΔF/F [%] in 95 of 100, and by at most {peak:g}. The mean of a noisy curve's positive
part is that of a softplus; it differs by at most {mean:g} %.

## What differs from our own calibration
- Priors are normal with one standard deviation on the logarithm of a constant, or of its odds (`NAME_odds`), and
  their median is ours. Ours may be wider on one side; these are, by more than half (upper side over lower):
{uneven}.
  Bounds are {bounds:g} standard deviations from the median, which is the nominal value.
- Times are those of the continuous curve; ours are read every 10 s, which can be 5 s off (a quarter of a standard
  deviation after thin air). A curve that falls below half its peak, and rises above it again, counts the second stay
  as well.
- A one-sided row begins to count within {bend:g} standard deviations of its edge, smoothly.
- Ours refuses constants with which a resting flux or concentration is not above 0, and counts a row at most as 20
  standard deviations. PEtab has no place for either.

## Left out
{left_out}

## Rows
`observables.tsv` says of each how it is computed. An id has `-` here and `_` there.

| id | condition | observed | unit | source | status |
|---|---|---|---|---|---|
{table}
"""


def readme_text(
    priors: Mapping[str, Parameter],
    rows: Sequence[Row],
    left_out: Mapping[str, str],
    provenance: Mapping[str, str],
) -> str:
    """Return the README of a calibration's folder; ``provenance``: what it is from, by what that is."""
    ratios = [f"{name} {ratio:.2g}" for name, ratio in uneven(priors).items()]
    return TEXT.format(
        provenance="\n".join(f"- {what}: {value}" for what, value in provenance.items()),
        rows=len(rows),
        parameters=len(priors),
        again=AGAIN_S,
        floor=100 * SALINE_PEAK,
        curves=N_NOISE,
        time=NOISE_TIME_S,
        steepness=STEEPNESS,
        usual=USUAL_PEAK,
        peak=WORST_PEAK,
        mean=WORST_MEAN,
        uneven=fill(", ".join(ratios) or "none", 118, initial_indent="  ", subsequent_indent="  "),
        bounds=FARTHEST_SD,
        bend=BEND,
        left_out="\n".join(f"- {name}: {reason}" for name, reason in left_out.items()) or "Nothing.",
        table="\n".join(_line(row) for row in rows),
    )


def _line(row: Row) -> str:
    o = row.observation
    cells = (o.id, condition_name(o), f"{o.mean:g}", o.unit, o.source, o.status)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"

"""Hand-made results of every kind the report meets; the numbers only have to look like a laboratory's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from adenoscope.core.contrast import Contrast
from adenoscope.core.interval import Interval
from adenoscope.core.reading import Given, Setting
from adenoscope.core.response import Adenosine, Control, Curve, Estimands, FittedParts, Response
from adenoscope.core.result import InputFile, RecordingFacts, SessionResult, Software, StudyResult
from adenoscope.core.study import Behaviour, NecessityQuestion, Session, Settings, Study
from adenoscope.core.verdict import Margin, Verdict

BIN_S = 1.0
FACTS = RecordingFacts(
    format="Neurophotometrics CSV", signal="Region0G 470 nm", control="Region0G 415 nm",
    n_samples=216_000, rate_hz=30.0, first_s=1234.567, last_s=8434.534, notes=("3 dropped frames",),
)  # fmt: skip
ADENOSINE = Adenosine(
    identified=False,
    reason="No agonist maximum or antagonist clamp was recorded.",
    nanomolar=Interval(410.0, 120.0, 1900.0),
    assumed=(("baseline adenosine", "20 to 150 nM"), ("EC50 of GRAB_Ado1.0", "60 nM (30 to 120)")),
)
USABLE = Control("usable", Interval(0.06, -0.02, 0.15), "The control channel carries motion and little response.")
ALONE = Control("signal_only", None, "There is no control channel and no blank session.")


def a_session(name: str, animal: str, treatment: str = "ketamine", onsets: tuple[float, ...] = (1800.0,)) -> Session:
    dose, unit = (10.0, "mg/kg") if treatment == "ketamine" else (None, "")
    return Session(
        session=name, animal=animal, treatment=treatment, recording=Path(f"recordings/{name}.csv"),
        onsets_s=onsets, dose=dose, dose_unit=unit, region="mPFC", condition="CRS",
    )  # fmt: skip


def a_shape(time_s: np.ndarray, size: float, onsets: tuple[float, ...] = (0.0,)) -> np.ndarray:
    shape = np.zeros_like(time_s)
    for onset in onsets:
        since = np.maximum(time_s - onset, 0.0)
        shape += size * (np.exp(-since / 2400) - np.exp(-since / 420)) / 0.55
    return shape


def some_parts(size: float, seed: int, onsets: tuple[float, ...] = (0.0,), *, control: bool = True) -> FittedParts:
    rng = np.random.default_rng(seed)
    time_s = np.arange(-1800.0, 5400.0, BIN_S)
    bleaching = 1 + 0.05 * np.exp(-(time_s + 1800) / 1500) - 0.018 * (time_s + 1800) / 7200
    motion = 0.004 * np.cumsum(rng.normal(0, 0.05, time_s.size))
    response = a_shape(time_s, size, onsets)
    background, control_background = bleaching + motion, 1 + 0.6 * (bleaching - 1) + 0.5 * motion
    signal = background * (1 + response) + rng.normal(0, 0.004, time_s.size)
    control_values = control_background * (1 + 0.06 * response) + rng.normal(0, 0.003, time_s.size)
    masked = ((-30.0, 60.0),) if len(onsets) == 1 else ()
    for start, end in masked:
        signal[(time_s >= start) & (time_s <= end)] = np.nan
        control_values[(time_s >= start) & (time_s <= end)] = np.nan
    signal[3000:3100] = np.nan
    return FittedParts(
        time_s=time_s, signal=signal, signal_fit=background * (1 + response), signal_background=background,
        control=control_values if control else None,
        control_fit=control_background * (1 + 0.06 * response) if control else None,
        control_background=control_background if control else None, masked_s=masked,
    )  # fmt: skip


def an_answer(size: float = 0.1, seed: int = 1, onsets: tuple[float, ...] = (0.0,)) -> Response:
    parts = some_parts(size, seed, onsets)
    shape = a_shape(parts.time_s, size, onsets)
    spread = 0.004 + 0.02 * np.sqrt(np.maximum(parts.time_s, 0) / 5400)
    mean = float(shape[1800:3600].mean())
    estimands = Estimands(
        window_s=(0.0, 1800.0),
        mean_dff=Interval(mean, mean - 0.021, mean + 0.021),
        auc_dff_s=Interval(mean * 1800, (mean - 0.021) * 1800, (mean + 0.021) * 1800),
        peak_dff=Interval(float(shape.max()), float(shape.max()) - 0.028, float(shape.max()) + 0.031),
        time_to_peak_s=Interval(930.0, 610.0, 1420.0),
        onset_s=Interval(74.0, 41.0, 118.0),
        half_decay_s=None,
        minimum_detectable_dff=0.0243,
        placebo_dff=Interval(0.004, -0.014, 0.021),
    )
    curve = Curve(parts.time_s, shape, shape - spread, shape + spread)
    return Response("estimated", None, USABLE, (), estimands, curve, parts)


def without_control(answer: Response, seed: int) -> Response:
    assert answer.estimands is not None
    estimands = replace(
        answer.estimands,
        auc_dff_s=None,
        onset_s=None,
        placebo_dff=None,
        mean_dff=Interval(0.021, -0.034, 0.079),
    )
    caution = "Without a control channel, slow drift and a slow response look alike; intervals are wide."
    parts = some_parts(0.03, seed, control=False)
    return replace(answer, control=ALONE, cautions=(caution,), estimands=estimands, parts=parts)


def a_refusal(*, drawn: bool) -> Response:
    reason = "The leak κ is 0.62 (0.41 to 0.83), far outside what an isosbestic channel does."
    control = Control("unusable", Interval(0.62, 0.41, 0.83), "The control channel follows the response.")
    return Response("refused", reason, control, parts=some_parts(0.05, 9) if drawn else None)


def a_contrast(readout: str = "mean_dff", **changes: object) -> Contrast:
    treated = (("m1", 0.092), ("m2", 0.071), ("m3", 0.104), ("m4", 0.055), ("m5", 0.083), ("m6", 0.079))
    vehicle = (("m1", 0.012), ("m2", -0.006), ("m3", 0.021), ("m4", 0.003), ("m5", -0.011), ("m6", 0.008))
    contrast = Contrast(
        readout=readout, unit="", given=Given("ketamine", 10.0, "mg/kg"), setting=Setting("mPFC", condition="CRS"),
        versus="saline", treated=treated, vehicle=vehicle, design="paired",
        difference=Interval(0.076, 0.058, 0.094),
    )  # fmt: skip
    return replace(contrast, **changes)  # type: ignore[arg-type]


def some_contrasts() -> tuple[Contrast, ...]:
    wide = a_contrast(
        given=Given("hypoxia"), design="unpaired",
        difference=Interval(0.011, -0.031, 0.052), treated=(("m7", 0.03), ("m8", -0.02), ("m9", 0.041)),
    )  # fmt: skip
    single = a_contrast(
        setting=Setting("mPFC", "Adora1-KO", "CRS"), treated=(("k1", 0.08),), vehicle=(("k1", 0.01),),
        difference=None,
        reason="One animal is not enough for an interval; at least 3 under both are needed.",
    )  # fmt: skip
    immobility = a_contrast(
        "FST immobility", unit="s", setting=Setting(condition="CRS"), design="unpaired",
        difference=Interval(-41.0, -63.0, -19.0),
        treated=tuple((f"b{i}", 92.0 + 7 * i) for i in range(7)),
        vehicle=tuple((f"c{i}", 138.0 + 6 * i) for i in range(7)),
    )  # fmt: skip
    return a_contrast(), wide, single, immobility


def an_effect(genotype: str, difference: Interval | None, animals: str, *, treated: float = 0.0) -> Contrast:
    vehicle = tuple((f"{animals}{i}", 150.0 + 7 * (i - 3)) for i in range(7))
    arm = tuple((f"{animals}{i + 7}", 150.0 + treated + 6 * (i - 3)) for i in range(7))
    return a_contrast(
        "FST immobility", unit="s", setting=Setting(genotype=genotype, condition="CRS", time_h=1.0),
        design="unpaired", difference=difference, treated=arm, vehicle=vehicle, method="Welch's t",
        p_permutation=0.0006,
    )  # fmt: skip


def a_verdict(**changes: object) -> Verdict:
    """Return a verdict of necessity; with ``changes`` any other."""
    verdict = Verdict(
        manipulation="Adora1-KO", effect=Given("ketamine", 10.0, "mg/kg"), readout="FST immobility", unit="s",
        reference=an_effect("WT", Interval(-41.0, -63.0, -19.0), "w", treated=-41.0),
        residual=an_effect("Adora1-KO", Interval(-2.0, -20.0, 16.0), "k", treated=-2.0),
        interaction=Interval(-39.0, -66.0, -12.0), residual_90=Interval(-2.0, -17.0, 13.0, 0.90),
        interaction_90=Interval(-39.0, -61.0, -17.0, 0.90), margin=Margin(20.0, given=True), finding="necessary",
        reason="The effect is there without the manipulation, smaller under it, and what is left of it is smaller "
        "than the margin.",
        p_interaction=0.004, separate_tests=True,
    )  # fmt: skip
    return replace(verdict, **changes)  # type: ignore[arg-type]


def an_open_verdict(**changes: object) -> Verdict:
    """Return a verdict that could not be told, with a margin from the data."""
    return replace(
        a_verdict(
            manipulation="Adora2a-KO",
            residual=an_effect("Adora2a-KO", Interval(-16.0, -38.0, 6.0), "a", treated=-16.0),
            interaction=Interval(-25.0, -56.0, 6.0), residual_90=Interval(-16.0, -36.0, 4.0, 0.90),
            interaction_90=Interval(-25.0, -51.0, 1.0, 0.90), margin=Margin(20.5, given=False),
            finding="could_not_tell", animals_needed=38, p_interaction=0.09,
            reason="Whether the manipulation changes the effect could not be told: the interaction's interval holds "
            "zero. 38 animals in each group would tell with four chances in five.",
        ),
        **changes,
    )  # type: ignore[arg-type]  # fmt: skip


def some_verdicts() -> tuple[Verdict, ...]:
    """Return a verdict of every kind: two readouts, three manipulations, one never measured."""
    effect = Interval(22.0, 17.0, 27.0)
    stays = a_verdict(
        readout="distance moved", unit="m", finding="not_necessary", margin=Margin(9.0, given=True),
        reference=replace(an_effect("WT", effect, "w"), readout="distance moved", unit="m"),
        residual=replace(an_effect("Adora1-KO", Interval(23.0, 17.0, 29.0), "k"), readout="distance moved", unit="m"),
        interaction=Interval(-1.0, -8.5, 6.5), interaction_90=Interval(-1.0, -7.0, 5.0, 0.90),
        residual_90=Interval(23.0, 18.0, 28.0, 0.90), p_interaction=0.81, separate_tests=False,
        reason="The effect is there under the manipulation too, and by less than the margin different.",
    )  # fmt: skip
    reduced = a_verdict(
        manipulation="Adora2a-KO", readout="distance moved", unit="m", finding="reduced",
        margin=Margin(9.0, given=True),
        reference=replace(an_effect("WT", effect, "w"), readout="distance moved", unit="m"),
        residual=replace(an_effect("Adora2a-KO", Interval(9.0, 3.0, 15.0), "a"), readout="distance moved", unit="m"),
        interaction=Interval(13.0, 5.0, 21.0), interaction_90=Interval(13.0, 6.0, 20.0, 0.90),
        residual_90=Interval(9.0, 4.0, 14.0, 0.90), p_interaction=0.003, separate_tests=False,
        reason="The effect is smaller under the manipulation, but what is left of it may be as large as the margin.",
    )  # fmt: skip
    nobody = Verdict(
        "Nt5e-KO", Given("ketamine"), "FST immobility", "", None, None, None, None, None, None, "could_not_tell",
        "No animal with Nt5e-KO got ketamine and gave FST immobility.",
    )  # fmt: skip
    return a_verdict(), stays, an_open_verdict(), reduced, nobody


def behaviour_result(**study: object) -> StudyResult:
    """Return a study without sessions: behaviour, its contrasts and its verdicts."""
    verdicts = some_verdicts()
    contrasts = tuple(
        dict.fromkeys(c for verdict in verdicts for c in (verdict.reference, verdict.residual) if c is not None)
    )
    behaviour = tuple(
        Behaviour(animal, c.readout, value, c.unit, c.given.treatment if arm is c.treated else c.versus,
                  genotype=c.setting.genotype, condition="CRS", time_h=1.0, sex="F")
        for c in contrasts for arm in (c.treated, c.vehicle) for animal, value in arm
    )  # fmt: skip
    asked = (NecessityQuestion("Adora1-KO", "ketamine", ("FST immobility", "distance moved")),)
    result = a_result(contrasts=contrasts, **{"behaviour": behaviour, "necessity": asked, **study})
    return replace(result, verdicts=verdicts)


def a_study(**changes: object) -> Study:
    study = Study(
        folder=Path("study"), name="Ketamine and A1", sensor="GRAB_Ado1.0", vehicle="saline", settings=Settings(),
    )  # fmt: skip
    return replace(study, **changes)  # type: ignore[arg-type]


def a_result(*sessions: SessionResult, contrasts: tuple[Contrast, ...] = (), **study: object) -> StudyResult:
    inputs = (
        InputFile("study.toml", "a" * 64, 211),
        InputFile("recordings/s01.csv", "0123456789abcdef" * 4, 8_123_456),
    )
    nouns = a_study(sessions=tuple(item.session for item in sessions), **study)
    return StudyResult(nouns, Software("adenoscope", "0.1.0", "4f2a9c1"), inputs, sessions, contrasts)


def estimated(name: str = "s01", *, seed: int = 1, size: float = 0.1) -> SessionResult:
    return SessionResult(a_session(name, "m1"), FACTS, an_answer(size, seed), ADENOSINE)


def a_whole_result() -> StudyResult:
    """Return a study with a session, a contrast and a verdict of every kind."""
    bouts = (1800.0, 2700.0, 3600.0, 4500.0)
    nowhere = replace(ADENOSINE, nanomolar=None, reason="The session was refused.")
    kinds = (
        estimated(),
        SessionResult(a_session("s02", "m1", "saline"), FACTS, an_answer(0.0, 2), ADENOSINE),
        SessionResult(
            a_session("s03", "m2", "hypoxia", bouts), FACTS,
            an_answer(0.04, 3, tuple(onset - 1800.0 for onset in bouts)), ADENOSINE,
        ),
        SessionResult(
            a_session("s04", "m3"), replace(FACTS, control="", notes=()),
            without_control(an_answer(0.03, 4), 4), ADENOSINE,
        ),
        SessionResult(a_session("s05", "m4"), FACTS, a_refusal(drawn=True), nowhere),
        SessionResult(a_session("s06", "m5"), FACTS, a_refusal(drawn=False), nowhere),
    )  # fmt: skip
    excluded = replace(a_session("s07", "m6"), exclude="fibre came loose")
    result = a_result(*kinds, contrasts=some_contrasts(), synthetic=True)
    result = replace(result, verdicts=some_verdicts())
    return replace(result, study=replace(result.study, sessions=(*result.study.sessions, excluded)))

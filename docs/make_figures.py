"""Draw the figures of README and docs anew; run with ``uv run python docs/make_figures.py``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from scipy.stats import norm

from adenoscope.core.atomic import write_text
from adenoscope.core.contrast import Contrast
from adenoscope.core.reading import Given, Reading, Setting
from adenoscope.core.result import SessionResult
from adenoscope.core.study import NecessityQuestion
from adenoscope.core.verdict import Verdict
from adenoscope.io.study import read_study
from adenoscope.photometry.estimate import estimate_response
from adenoscope.photometry.sensor import estimate_adenosine
from adenoscope.report.delta_delta import delta_delta_figure
from adenoscope.report.figures import hero_figure
from adenoscope.report.group_figures import contrast_figure, shared_limits
from adenoscope.report.mechanism_diagram import mechanism_figure
from adenoscope.report.numbers import Measure
from adenoscope.report.occupancy_figures import antagonist_figure
from adenoscope.report.svg import standalone_svg
from adenoscope.statistics.effects.contrasts import group_contrasts
from adenoscope.statistics.verdicts.verdicts import verdicts
from adenoscope.studies.demo_study import write_demo_study
from adenoscope.studies.load_session import load_session
from adenoscope.studies.occupancy.answer import occupancy_over_time
from adenoscope.studies.show_mechanism import show_mechanism

FIGURES = Path(__file__).parent / "figures"
SESSION = "m4_ketamine"
N, SEED = 20, 9999  # of DABEST's example data


def main() -> None:
    result = demo_session(SESSION)
    write_text(FIGURES / "response.svg", standalone_svg(hero_figure(result, synthetic=True)))
    write_text(FIGURES / "mechanism.svg", standalone_svg(mechanism_figure(show_mechanism("mouse"))))
    estimation_figures()
    occupancy()


def occupancy() -> None:
    """Draw the first example of docs/how-to/occupancy.md."""
    page = (FIGURES.parent / "how-to" / "occupancy.md").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        design = Path(folder) / "coffee.toml"
        design.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
        figure = antagonist_figure(occupancy_over_time(design))
    figure.patch.set_facecolor("white")
    write_text(FIGURES / "occupancy.svg", standalone_svg(figure))


def estimation_figures() -> None:
    """Draw two estimation plots from the example data of DABEST's tutorials, to lie beside its own."""
    measure, contrast = Measure("value"), dabest_difference()
    limits = shared_limits((contrast,), measure)
    two_groups = contrast_figure(contrast, measure, limits, synthetic=False)
    four_groups = delta_delta_figure(dabest_delta_delta(), Measure("Y"), synthetic=False)
    for name, figure in (("gardner-altman.svg", two_groups), ("delta-delta.svg", four_groups)):
        if figure is not None:
            figure.patch.set_facecolor("white")
            write_text(FIGURES / name, standalone_svg(figure))


def dabest_difference() -> Contrast:
    """Return "Test 1" minus "Control 1" of DABEST's first tutorial."""
    normal = norm.rvs(size=4 * N, random_state=SEED)
    arms = (("Control 1", 3 + 0.4 * normal[:N]), ("Test 1", 3.5 + 0.5 * normal[3 * N :]))
    readings = [
        Reading("value", "", f"{name} {index}", float(value), Given(name), Setting())
        for name, values in arms
        for index, value in enumerate(values)
    ]
    return group_contrasts(readings, "Control 1")[0]


def dabest_delta_delta() -> Verdict:
    """Return the question of DABEST's delta-delta tutorial: is M minus W the same under Placebo and Drug?"""
    arms = (3 + 0.4 * norm.rvs(size=4 * N, random_state=SEED)).reshape(4, N)
    groups = (("W", "Placebo", 0.0), ("M", "Placebo", 1.0), ("W", "Drug", -0.5), ("M", "Drug", 0.0))
    readings = [
        Reading("Y", "", f"{genotype} {drug} {index}", float(value) + shift, Given(genotype), Setting(genotype=drug))
        for (genotype, drug, shift), arm in zip(groups, arms, strict=True)
        for index, value in enumerate(arm)
    ]
    return verdicts(readings, [NecessityQuestion("Drug", "M", ("Y",), "Placebo")], {}, "W")[0]


def demo_session(name: str) -> SessionResult:
    """Return one session of the demonstration, estimated."""
    with TemporaryDirectory() as folder:
        write_demo_study(Path(folder))
        study = read_study(Path(folder))
        session = next(session for session in study.sessions if session.session == name)
        loaded = load_session(study, session)
    response = estimate_response(loaded.channels, loaded.onsets_s, settings=study.settings)
    return SessionResult(session, loaded.facts, response, estimate_adenosine(response, study.sensor))


if __name__ == "__main__":
    main()

"""Draw the figures of README and docs anew; run with ``uv run python docs/make_figures.py``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from adenoscope.core.atomic import write_text
from adenoscope.core.result import SessionResult
from adenoscope.io.study import read_study
from adenoscope.photometry.estimate import estimate_response
from adenoscope.photometry.sensor import estimate_adenosine
from adenoscope.report.figures import hero_figure
from adenoscope.report.mechanism_diagram import mechanism_figure
from adenoscope.report.svg import standalone_svg
from adenoscope.studies.demo_study import write_demo_study
from adenoscope.studies.load_session import load_session
from adenoscope.studies.show_mechanism import show_mechanism

FIGURES = Path(__file__).parent / "figures"
SESSION = "m4_ketamine"


def main() -> None:
    result = demo_session(SESSION)
    write_text(FIGURES / "response.svg", standalone_svg(hero_figure(result, synthetic=True)))
    write_text(FIGURES / "mechanism.svg", standalone_svg(mechanism_figure(show_mechanism("mouse"))))


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

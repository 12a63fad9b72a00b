"""What a simulated recording is made of, and the grid of named conditions on which methods are judged.

A ``Range`` is drawn uniformly, once for each recording; everything else is the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Range = tuple[float, float]
ResponseKind = Literal["none", "smooth", "fast", "slow", "biphasic", "plateau", "repeated"]
BleachingKind = Literal["double", "triple", "stretched", "power", "brightening"]


@dataclass(frozen=True)
class Scenario:
    """The settings of a simulated recording; fractions are of the fluorescence unless said.

    ``response``, ``peak_dff`` [ΔF/F]: what the intervention does to the signal.
    ``duration_s``, ``baseline_s`` [s]: length, and the time of the (first) intervention; ``rate_hz`` [Hz].
    ``clock_start_s`` [s]: the recording's clock at its first sample.
    ``kappa`` [1]: change of the control that the response causes, over the change of the signal.
    ``bleaching``: families, one drawn for each recording; ``bleaching_loss``: lost over the first two hours.
    ``bleaching_spread`` [log units]: how far the constants of the two channels lie apart.
    ``drift_per_hour``: sd of each channel's wander over an hour; half of its variance is shared.
    ``led_steps_per_hour`` [1/h], ``led_step``: of each lamp, on its own.
    ``motion``: multiplies all motion; 1 is an sd of about 1 %.
    ``handling``: whether somebody touches the animal; ``handling_shared_sd``, ``handling_own_sd``: sd of the
    step in coupling it leaves, common to both channels and of each.
    ``haemodynamic_share`` [1]: dimming of the signal by blood over ΔF/F; ``vasomotion_sd``: apart from it.
    ``ultradian_sd``, ``neural_sd``: the sensor's own fluctuation over 20 to 60 min, and over seconds.
    ``noise``: of one sample at 10 Hz, growing with the square root of the rate; ``read_noise`` likewise.
    ``dropouts``: number of lost stretches of 5 to 90 s; ``dropped_frames``: fraction of frames without a row.
    ``saturation``: where the signal clips, over its fluorescence at the start; None for never.
    ``autofluorescence_signal``, ``autofluorescence_control``: share of the fluorescence at the start.
    ``detector_offset``: dark level left in the file, over the fluorescence at the start.
    """

    name: str
    response: ResponseKind = "smooth"
    peak_dff: Range = (0.10, 0.25)
    duration_s: float = 7200.0
    baseline_s: float = 1800.0
    rate_hz: float = 10.0
    clock_start_s: float = 12.5
    has_control: bool = True
    has_blank: bool = False
    kappa: Range = (-0.2, 0.2)
    bleaching: tuple[BleachingKind, ...] = ("double", "triple", "stretched", "power")
    bleaching_loss: Range = (0.10, 0.35)
    bleaching_spread: float = 0.3
    drift_per_hour: float = 0.005
    led_steps_per_hour: float = 0.0
    led_step: Range = (0.002, 0.01)
    motion: float = 1.0
    handling: bool = True
    handling_shared_sd: float = 0.02
    handling_own_sd: float = 0.002
    haemodynamic_share: Range = (0.0, 0.0)
    vasomotion_sd: float = 0.002
    ultradian_sd: Range = (0.0, 0.0)
    neural_sd: float = 0.005
    noise: Range = (0.005, 0.010)
    read_noise: float = 0.002
    dropouts: int = 0
    dropped_frames: float = 0.0
    saturation: float | None = None
    autofluorescence_signal: Range = (0.15, 0.35)
    autofluorescence_control: Range = (0.30, 0.50)
    detector_offset: float = 0.005

    def __post_init__(self) -> None:
        if not 0 < self.baseline_s < self.duration_s:
            raise ValueError(
                f"{self.name}: the intervention at {self.baseline_s} s lies outside the recording of "
                f"{self.duration_s} s; choose baseline_s between 0 and duration_s"
            )
        if not 0 < self.rate_hz <= 20_000:
            raise ValueError(f"{self.name}: rate_hz {self.rate_hz} is outside (0, 20000]; is it in Hz?")


def _grid(*scenarios: Scenario) -> dict[str, Scenario]:
    return {scenario.name: scenario for scenario in scenarios}


SCENARIOS: dict[str, Scenario] = _grid(
    Scenario("quiet", kappa=(0.0, 0.0), drift_per_hour=0.0),
    Scenario("typical"),
    Scenario("kappa_minus", kappa=(-0.2, -0.2)),
    Scenario("kappa_plus", kappa=(0.2, 0.2)),
    Scenario("drift", drift_per_hour=0.01),
    Scenario("led_steps", led_steps_per_hour=1.5),
    Scenario(
        "bleaching_outside",
        bleaching=("brightening", "power", "stretched"),
        bleaching_loss=(0.30, 0.50),
        bleaching_spread=0.45,
    ),
    Scenario("handling", handling_shared_sd=0.06, handling_own_sd=0.005),
    Scenario("haemodynamics", haemodynamic_share=(0.05, 0.15), vasomotion_sd=0.004),
    Scenario("ultradian", ultradian_sd=(0.006, 0.010)),
    Scenario("fast", response="fast", peak_dff=(0.3, 0.6), handling=False),
    Scenario("slow", response="slow"),
    Scenario("biphasic", response="biphasic"),
    Scenario("plateau", response="plateau"),
    Scenario("repeated", response="repeated", peak_dff=(0.2, 0.5), handling=False),
    Scenario("short_baseline", baseline_s=600.0),
    Scenario("dropouts", dropouts=8, dropped_frames=0.01, saturation=1.06),
    Scenario("no_control", has_control=False),
    Scenario("no_control_blank", has_control=False, has_blank=True),
    Scenario("no_response", response="none"),
    Scenario(
        "no_response_drift",
        response="none",
        drift_per_hour=0.01,
        bleaching=("brightening", "power", "stretched"),
        handling_shared_sd=0.04,
        handling_own_sd=0.004,
    ),
)

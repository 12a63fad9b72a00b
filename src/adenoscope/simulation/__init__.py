"""Any SBML model over a virtual cohort. Knows nothing of adenosine."""

from adenoscope.simulation.cluster.draws import Lognormal
from adenoscope.simulation.cohort.changes import Change
from adenoscope.simulation.cohort.sensitivities import Sensitivities
from adenoscope.simulation.cohort.trajectories import Failure, Trajectories
from adenoscope.simulation.model import Model, model_from_text, read_model

__all__ = [
    "Change",
    "Failure",
    "Lognormal",
    "Model",
    "Sensitivities",
    "Trajectories",
    "model_from_text",
    "read_model",
]

"""Any SBML model over a virtual cohort. Knows nothing of adenosine."""

from adenoscope.simulation.cohort.changes import Change
from adenoscope.simulation.cohort.model import Model, model_from_text, read_model
from adenoscope.simulation.cohort.sensitivities import Sensitivities
from adenoscope.simulation.cohort.trajectories import Failure, Trajectories

__all__ = ["Change", "Failure", "Model", "Sensitivities", "Trajectories", "model_from_text", "read_model"]

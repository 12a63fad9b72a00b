"""From an intervention to adenosine, receptors and behaviour: biology as text, constants as values with sources."""

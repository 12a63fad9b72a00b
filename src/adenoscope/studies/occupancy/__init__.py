"""Who holds adenosine receptors while antagonists are about: from a design to an answer."""

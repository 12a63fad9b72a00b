"""adenoscope: from photometry recordings to adenosine responses with honest intervals."""

__version__ = "0.1.0"

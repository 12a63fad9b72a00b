"""Recordings as a browser looks at them: millions of samples, a screen's width at a time."""

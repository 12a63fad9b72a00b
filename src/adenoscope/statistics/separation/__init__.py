"""How far apart effect and side effect of compounds are, and which experiment would tell most."""

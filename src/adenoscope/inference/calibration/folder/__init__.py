"""The calibration as a PEtab folder: model, rows, priors and a README, for other tools to open."""

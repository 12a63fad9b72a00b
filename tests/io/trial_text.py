"""A trial in TOML that is right, for tests to break."""

RIGHT = """
name = "Ketamine against midazolam"
people = 72
visit_days = [1, 3, 7]
replicates = 50
pool = 200
block = 3
seed = 7

[purpose]
question = "Does ketamine lower MADRS at 24 h more than midazolam?"
context = "planning a trial of this size"
influence = "medium"
consequence = "low"

[population]
madrs_mean = 32.0
age_low = 21

[[arm]]
name = "ketamine"
kind = "active"
weight = 2
guess_patient = 0.9
guess_rater = 0.6
never_started = 0.05
dropout = 0.03
dropout_per_point = 0.05
[[arm.give]]
at_s = 0
compound = "ketamine"
dose = 0.5
unit = "mg/kg"
route = "iv"
duration_s = 2400

[[arm]]
name = "midazolam"
kind = "control"
guess_patient = 0.4
guess_rater = 0.4
dropout = 0.05

[[analysis]]
name = "primary"
method = "mmrm"
day = 1

[[analysis]]
name = "response"
method = "responder"
measure = "response"
day = 1
estimand = "composite"
"""

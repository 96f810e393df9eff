# One-way random effects of rails on travel time, REML.
data "../data/Rail.csv"

travel ~ 1 + (1 | Rail)

fit reml

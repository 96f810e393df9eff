# One-way random effects of batches on yield, REML.
model dyestuff_reml {
  data "../data/Dyestuff.csv"

  Yield ~ 1 + (1 | Batch)

  fit reml
}

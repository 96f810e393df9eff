# Strength of a chemical paste: two measurements of each of three casks, and the casks are nested in ten batches.
# `batch/cask` makes two random effects: batch, and cask within batch.
model pastes {
  data "pastes.csv"

  strength ~ normal(mu, sigma)
  mu = 1 + (1 | batch / cask)
}

# Casks nested in batches, written with one label per cask, ML.
model pastes_sample_ml {
  data "../data/Pastes.csv"

  strength ~ normal(mu, sigma)
  mu = 1 + (1 | sample) + (1 | batch)

  fit ml
}

# Declared levels that no row uses (recipes C and D, replicates 16 to 18) are dropped, REML.
model cake_unused_reml {
  data "../data/cake_unused.csv" {
    recipe: factor("A", "B", "C", "D"),
    replicate: factor("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18")
  }

  angle ~ normal(mu, sigma)
  mu = recipe + temp + (1 | recipe:replicate)

  fit reml
}

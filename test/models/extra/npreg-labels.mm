# Mixture of two regressions, the class drawn per group and known for ten groups.
model npreg_labels {
  data "../../data/NPreg_known.csv"

  log(sigma) = 1

  mixture z per id2 {
    yn ~ normal(mu, sigma)
    class straight { mu = x }
    class curved   { mu = x + I(x^2) }
    labels known
  }

  fit em
}

# Chemistry scores of 31 022 pupils in schools in local authorities, REML.
model chem97_nested_reml {
  data "../data/Chem97.csv" { gender: factor("M", "F") }

  score ~ normal(mu, sigma)
  mu = gcsecnt + gender + (1 | lea) + (1 | school)

  fit reml
}

# A known offset in the mean, random intercept, REML.
model sleepstudy_offset_reml {
  data "../data/sleepstudy_wt.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + offset(off) + (1 | Subject)

  fit reml
}

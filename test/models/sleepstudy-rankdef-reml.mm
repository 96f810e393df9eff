# A redundant fixed effect, to be dropped from the rank-deficient design, REML.
model sleepstudy_rankdef_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + I(2 * Days + 1) + (1 | Subject)

  fit reml
}

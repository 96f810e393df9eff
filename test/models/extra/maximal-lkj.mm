# Two-by-two design, all effects random over subjects and over items, with weak priors on sds and correlations.
model maximal_lkj {
  data "../../data/sim_maximal.csv"

  y ~ normal(mu, sigma)
  mu = A * B + (A * B | subj) + (A * B | item)

  cor(subj)           ~ lkj(2)
  cor(item)           ~ lkj(2)
  sd(subj)            ~ half_t(3, 0, 0.5)
  sd(subj)[intercept] ~ half_t(3, 0, 2)
  sd(subj)[A:B]       ~ half_t(3, 0, 0.2)
  sd(item)            ~ half_t(3, 0, 1)

  fit ml
}

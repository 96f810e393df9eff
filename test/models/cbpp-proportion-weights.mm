# A proportion with its denominator as weight is a binomial count out of that many trials.
model cbpp_proportion_weights {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)

  fit laplace
}

# Contagious bovine pleuropneumonia: how many of the animals of a herd fell ill in each of four periods. A binomial
# generalised linear mixed model; `size` is a column, so it is known and p alone is modelled.
model cbpp {
  data "cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)
}

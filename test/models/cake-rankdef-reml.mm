# temp lies in the span of the ordered factor temperature and is dropped, REML.
model cake_rankdef_reml {
  data "../data/cake.csv" { temperature: ordered }

  angle ~ normal(mu, sigma)
  mu = recipe + temperature + temp + (1 | recipe:replicate)

  fit reml
}

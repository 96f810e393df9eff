# Diameter (mm) of the zone in which penicillin stopped growth: every sample was put on every plate, so the two are crossed.
model penicillin {
  data "penicillin.csv"

  diameter ~ normal(mu, sigma)
  mu = 1 + (1 | plate) + (1 | sample)
}

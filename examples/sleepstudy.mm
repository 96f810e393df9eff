# Reaction time (ms) of lorry drivers over ten days of restricted sleep: every driver has a speed and a rate of decline.
model sleepstudy {
  data "sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = 1 + Days + (1 + Days | Subject)
}

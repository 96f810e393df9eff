# Eruptions of a geyser are short or long. Which kind the next one is can be told from the time waited for it: the log odds
# of a long one against a short one are a line in the waiting time. Within each kind, duration depends on it too.
model faithful {
  data "faithful.csv"

  let wait = (waiting - 70) / 10

  mixture kind {
    eruptions ~ normal(mu, sigma)
    class short, long { mu = wait }
  }
  logit(prob(long)) = wait
  order kind by intercept
}

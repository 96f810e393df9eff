# Growth of a facial distance in children measured at four ages, with everything between the visits of a child left free:
# a standard deviation for each visit and a correlation for every two of them, instead of random effects.
model orthodont {
  data "orthodont.csv" { Sex: factor("Male", "Female"), age: int }

  let visit = factor(age)

  distance ~ normal(mu, sigma, cor = us(visit | Subject))
  mu = age * Sex
  log(sigma) = 0 + visit
}

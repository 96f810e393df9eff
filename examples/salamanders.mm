# Counts of salamanders in streams, with more zeros than a Poisson distribution has. `zi` is the probability of a zero
# that no count stands behind: mining makes it higher, and the counts of the other sites lower.
model salamanders {
  data "salamanders.csv" {
    mined: factor("yes", "no"),
    spp: factor("GP", "PR", "DM", "EC-A", "EC-L", "DES-L", "DF")
  }

  count ~ zero_inflated(poisson(lambda), zi)
  log(lambda) = spp + mined + (1 | site)
  logit(zi) = mined
}

# A hundred thousand groups of ten rows, each with a line of its own. The rows are simulated by `million.ts`.
model million {
  y ~ x + (x | g)

  fit reml
}

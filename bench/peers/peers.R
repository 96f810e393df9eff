# One case by one package, fitted whenever a line `fit` arrives on standard input.
# Usage: Rscript bench/peers/peers.R CASE lme4|glmmTMB DATA.csv      versions: Rscript bench/peers/peers.R versions
args <- commandArgs(TRUE)
suppressPackageStartupMessages(suppressWarnings({
  has <- c(lme4 = requireNamespace("lme4", quietly = TRUE), glmmTMB = requireNamespace("glmmTMB", quietly = TRUE))
}))
if (args[1] == "versions") {
  blas <- basename(normalizePath(extSoftVersion()[["BLAS"]]))
  cat(sprintf("R\t%s\nBLAS\t%s\n", getRversion(), blas))
  for (p in names(has)) if (has[[p]]) cat(sprintf("%s\t%s\n", p, packageVersion(p)))
  quit("no")
}

factors <- function(d, ...) { for (v in c(...)) d[[v]] <- factor(d[[v]]); d }
cases <- list(
  "cbpp-logit-laplace" = list(
    prepare = function(d) factors(d, "herd", "period"), family = binomial(),
    formula = cbind(incidence, size - incidence) ~ period + (1 | herd)),
  "grouseticks-laplace" = list(
    prepare = function(d) factors(d, "YEAR", "BROOD", "INDEX", "LOCATION"), family = poisson(),
    formula = TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)),
  "verbagg-laplace" = list(
    prepare = function(d) factors(d, "r2", "Gender", "item", "id", "btype", "situ"), family = binomial(),
    formula = r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)),
  "contraception" = list(
    prepare = function(d) factors(d, "livch", "district"), family = binomial(),
    formula = use ~ age + I(age^2) + urban + livch + (1 + urban | district)),
  "sleepstudy-slope-reml" = list(
    prepare = function(d) factors(d, "Subject"), REML = TRUE, formula = Reaction ~ Days + (Days | Subject)),
  "insteval-service-reml" = list(
    prepare = function(d) factors(d, "s", "d", "dept", "service"), REML = TRUE,
    formula = y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept)),
  "insteval-servicedept-ml" = list(
    prepare = function(d) factors(d, "s", "d", "dept", "service"), REML = FALSE,
    formula = y ~ 1 + service * dept + (1 | s) + (1 | d)),
  "maximal10-reml" = list(
    prepare = function(d) factors(d, "subj"), REML = TRUE, formula = y ~ A * B + (A * B | subj)),
  "maximal20-reml" = list(
    prepare = function(d) factors(d, "subj", "item"), REML = TRUE,
    formula = y ~ A * B + (A * B | subj) + (A * B | item)),
  "theta36-ml" = list(
    prepare = function(d) factors(d, "g"), REML = FALSE,
    formula = y ~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + (x1 + x2 + x3 + x4 + x5 + x6 + x7 | g)))

case <- cases[[args[1]]]
package <- args[2]
data <- case$prepare(read.csv(args[3]))
suppressPackageStartupMessages(library(package, character.only = TRUE))
fit <- function() suppressWarnings(suppressMessages(
  if (package == "lme4") {
    if (is.null(case$family)) lmer(case$formula, data, REML = case$REML) else glmer(case$formula, data, family = case$family)
  } else {
    if (is.null(case$family)) glmmTMB(case$formula, data, REML = case$REML) else glmmTMB(case$formula, data, family = case$family)
  }))
evaluations <- function(m) {
  n <- if (package == "lme4") m@optinfo$feval else m$fit$evaluations[["function"]]
  if (is.null(n) || length(n) != 1) NA else n
}
peak <- function() {
  line <- tryCatch(grep("VmHWM", readLines("/proc/self/status"), value = TRUE), error = function(e) character())
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA
}
lines <- file("stdin", "r")
cat("READY\n")
flush(stdout())
while (length(line <- readLines(lines, 1)) && line == "fit") {
  gc(FALSE)
  time <- system.time(m <- tryCatch(fit(), error = function(e) NULL))
  if (is.null(m)) cat("FAILED\n")
  else cat(sprintf("RESULT\t%.6f\t%.6f\t%.9f\t%s\t%.1f\n", time[["elapsed"]], time[["user.self"]] + time[["sys.self"]], as.numeric(logLik(m)), evaluations(m), peak()))
  flush(stdout())
}

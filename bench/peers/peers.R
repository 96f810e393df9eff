# One case by one package, done whenever a line `fit` arrives on standard input.
# Usage: Rscript bench/peers/peers.R CASE lme4|glmmTMB TASK DATA.csv [RESPONSES.csv]      versions: Rscript bench/peers/peers.R versions
args <- commandArgs(TRUE)
suppressPackageStartupMessages(suppressWarnings({
  has <- c(lme4 = requireNamespace("lme4", quietly = TRUE), glmmTMB = requireNamespace("glmmTMB", quietly = TRUE))
}))
if (args[1] == "versions") {
  path <- normalizePath(extSoftVersion()[["BLAS"]])
  blas <- file.path(basename(dirname(path)), basename(path)) # the folder tells which BLAS it is
  cat(sprintf("R\t%s\nBLAS\t%s\n", getRversion(), blas))
  for (p in names(has)) if (has[[p]]) cat(sprintf("%s\t%s\n", p, packageVersion(p)))
  quit("no")
}

factors <- function(d, ...) { for (v in c(...)) d[[v]] <- factor(d[[v]]); d }
cases <- list(
  "cbpp-logit-laplace" = list(
    prepare = function(d) factors(d, "herd", "period"), family = binomial(),
    formula = cbind(incidence, size - incidence) ~ period + (1 | herd)),
  "cbpp-logit-agq11" = list(
    prepare = function(d) factors(d, "herd", "period"), family = binomial(), nAGQ = 11L,
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
  "sleepstudy-slope-ml" = list(
    prepare = function(d) factors(d, "Subject"), REML = FALSE, formula = Reaction ~ Days + (Days | Subject)),
  "penicillin-reml" = list(
    prepare = function(d) factors(d, "plate", "sample"), REML = TRUE, formula = diameter ~ 1 + (1 | plate) + (1 | sample)),
  "pastes-nested-reml" = list(
    prepare = function(d) factors(d, "batch", "cask"), REML = TRUE, formula = strength ~ 1 + (1 | batch/cask)),
  "million" = list(
    prepare = function(d) factors(d, "g"), REML = TRUE, formula = y ~ x + (x | g)),
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

for (task in c("refit", "bootstrap", "profile", "curve")) cases[[paste0("sleepstudy-", task)]] <- cases[["sleepstudy-slope-ml"]]

case <- cases[[args[1]]]
package <- args[2]
task <- args[3]
if (package == "glmmTMB" && (task != "fit" || !is.null(case$nAGQ))) quit("no", 1)
data <- case$prepare(read.csv(args[4]))
suppressPackageStartupMessages(library(package, character.only = TRUE))
quietly <- function(x) suppressWarnings(suppressMessages(x))
fit <- function() quietly(
  if (package == "lme4") {
    if (is.null(case$family)) lmer(case$formula, data, REML = case$REML)
    else glmer(case$formula, data, family = case$family, nAGQ = if (is.null(case$nAGQ)) 1L else case$nAGQ)
  } else {
    if (is.null(case$family)) glmmTMB(case$formula, data, REML = case$REML) else glmmTMB(case$formula, data, family = case$family)
  })
evaluations <- function(m) {
  n <- if (package == "lme4") m@optinfo$feval else m$fit$evaluations[["function"]]
  if (is.null(n) || length(n) != 1) NA else n
}
# with nAGQ > 1 lme4 leaves out the log-likelihood of the saturated model
whole <- function(m) {
  l <- as.numeric(logLik(m))
  if (is.null(case$nAGQ)) return(l)
  f <- family(m); y <- m@resp$y; w <- m@resp$weights; mu <- fitted(m); d <- sum(f$dev.resids(y, mu, w))
  l - (f$aic(y, w, mu, w, d) - d) / 2
}

# what is timed and how many times it is done at once; what is told of it, not timed
none <- list(logLik = NA, evaluations = NA, values = numeric())
work <- switch(task,
  fit = list(times = 1, run = fit, tell = function(m) list(logLik = whole(m), evaluations = evaluations(m), values = numeric())),
  refit = {
    m <- fit()
    responses <- as.list(read.csv(args[5]))
    list(times = length(responses), run = function() lapply(responses, function(y) quietly(refit(m, y))),
      tell = function(l) list(
        logLik = sum(sapply(l, logLik)), evaluations = mean(sapply(l, evaluations)), values = numeric()))
  },
  bootstrap = {
    m <- fit()
    seed <- 0
    estimates <- function(m) c(fixef(m), unlist(lapply(VarCorr(m), attr, "stddev")), sigma(m))
    list(times = 1, run = function() { seed <<- seed + 1; quietly(bootMer(m, estimates, nsim = 1000, seed = seed)) },
      tell = function(b) modifyList(none, list(values = apply(b$t[, 1:2], 2, sd))))
  },
  profile = , curve = {
    m <- fit()
    list(times = 1, run = function() quietly(profile(m)), tell = function(p) {
      limits <- if (task == "profile") as.numeric(t(confint(p))) else numeric()
      modifyList(none, list(values = limits))
    })
  })
peak <- function() {
  line <- tryCatch(grep("VmHWM", readLines("/proc/self/status"), value = TRUE), error = function(e) character())
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA
}
json <- function(x) ifelse(is.finite(x), sprintf("%.12g", x), "null")
repeats <- 1 # what is quick is done many times in a row
lines <- file("stdin", "r")
cat("READY\n")
flush(stdout())
while (length(line <- readLines(lines, 1)) && line == "fit") {
  gc(FALSE)
  time <- system.time(for (k in seq_len(repeats)) m <- tryCatch(work$run(), error = function(e) NULL)) / repeats
  top <- peak()
  repeats <- max(1, min(50, ceiling(0.1 / max(time[["elapsed"]], 0.001))))
  told <- if (is.null(m)) NULL else tryCatch(work$tell(m), error = function(e) none)
  if (is.null(told)) cat("FAILED\n")
  else cat(sprintf('RESULT {"seconds":%s,"processor":%s,"logLik":%s,"evaluations":%s,"peak":%s,"values":[%s]}\n',
    json(time[["elapsed"]] / work$times), json((time[["user.self"]] + time[["sys.self"]]) / work$times), json(told$logLik),
    json(told$evaluations), json(top), paste(json(told$values), collapse = ",")))
  flush(stdout())
}

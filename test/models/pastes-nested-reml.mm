# Casks nested in batches, REML.
model pastes_nested_reml {
  data "../data/Pastes.csv"

  strength ~ 1 + (1 | batch/cask)

  fit reml
}

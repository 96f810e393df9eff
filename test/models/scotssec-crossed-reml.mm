# Attainment: primary schools partially crossed with secondary schools, REML.
model scotssec_crossed_reml {
  data "../data/ScotsSec.csv" { sex: factor("M", "F") }

  attain ~ verbal + sex + social + (1 | primary) + (1 | second)

  fit reml
}

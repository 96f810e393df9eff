"""First 16 points of the Sobol sequence in 64 dimensions as 32-bit integers, by scipy.

python make.py > points.json
"""

import json
import sys

import scipy
from scipy.stats import qmc

points = qmc.Sobol(64, scramble=False, bits=32).random(16) * 2**32
json.dump({"scipy": scipy.__version__, "points": [[int(v) for v in row] for row in points]}, sys.stdout)

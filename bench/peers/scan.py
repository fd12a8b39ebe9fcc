"""Kulldorff's space-time permutation scan in numpy: every window of one data set, vectorised over days."""
import json
import sys
import time

import numpy as np


def metres(lat, lon, at_lat, at_lon):
    a, b, c, d = map(np.radians, (lat, lon, at_lat, at_lon))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * 6371008.8 * np.arcsin(np.minimum(1, np.sqrt(h)))


def strongest(counts, lat, lon, length_max):
    total = counts.sum()
    by_cell, by_day = counts.sum(1), counts.sum(0)
    day_sums = np.concatenate([[0], by_day.cumsum()])
    best = 0.0
    for centre in range(len(lat)):
        order = np.argsort(metres(lat[centre], lon[centre], lat, lon), kind="stable")
        order = order[by_cell[order].cumsum() * 2 <= total]
        if not len(order):
            continue
        sums = np.zeros((len(order), counts.shape[1] + 1))
        sums[:, 1:] = counts[order].cumsum(0).cumsum(1)
        weights = by_cell[order].cumsum()[:, None]
        for length in range(1, length_max + 1):
            c = sums[:, length:] - sums[:, :-length]
            mu = weights * (day_sums[length:] - day_sums[:-length])[None, :] / total
            with np.errstate(divide="ignore", invalid="ignore"):
                llr = c * np.log(c / mu) + (total - c) * np.log((total - c) / (total - mu))
            llr = np.where((c > mu) & (c >= 2), llr, 0)
            best = max(best, float(llr.max()))
    return best


with open(sys.argv[1]) as file:
    cells, days, length_max = map(int, file.readline().split())
    rows = np.array([line.split() for line in file], dtype=float)
lat, lon, counts = rows[:, 0], rows[:, 1], rows[:, 2:].astype(np.int64)
seconds = []
for _ in range(2):
    start = time.perf_counter()
    llr = strongest(counts, lat, lon, length_max)
    seconds.append(time.perf_counter() - start)
print(json.dumps({
    "versions": f"numpy {np.__version__}, Python {sys.version.split()[0]}",
    "seconds": {"replicate": seconds}, "figures": {"llr": llr},
}))

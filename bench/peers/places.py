"""Townships of addresses by wording alone: a linear support vector machine and the nearest neighbour, ten folds."""
import csv
import json
import sys

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = [(row["address"], row["township"]) for row in csv.DictReader(file)]
texts = np.array([text for text, _ in rows])
labels = np.array([label for _, label in rows])
right = {"svm": [], "nearest": []}
for seed in range(3):
    for train, held in KFold(10, shuffle=True, random_state=seed).split(texts):
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit(texts[train])
        for name, model in (("svm", LinearSVC(random_state=0)), ("nearest", KNeighborsClassifier(1))):
            said = model.fit(vectors.transform(texts[train]), labels[train]).predict(vectors.transform(texts[held]))
            right[name].extend(said == labels[held])
print(json.dumps({
    "versions": f"scikit-learn {sklearn.__version__}", "seconds": {},
    "figures": {name: float(np.mean(values)) for name, values in right.items()},
}))

"""Fits scikit-learn's models on the data of bench/models.ts, one a line asked for, and answers with seconds and scores.
Arguments: file of doubles (features column by column, then the target), rows, features, threads."""
import json
import sys
import time
import warnings
import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

warnings.filterwarnings('ignore')
path, rows, width, threads = sys.argv[1], *map(int, sys.argv[2:])
data = np.fromfile(path).reshape(width + 1, rows)
x, y = np.ascontiguousarray(data[:width].T), data[width].astype(int)
train = rows * 4 // 5
models = dict(boosting=lambda: HistGradientBoostingClassifier(early_stopping=False),
              random_forest=lambda: RandomForestClassifier(n_jobs=threads, random_state=0),
              logistic=lambda: LogisticRegression())
print(json.dumps(dict(version=sklearn.__version__)), flush=True)
for line in sys.stdin:
    model = models[line.strip()]()
    started = time.perf_counter()
    model.fit(x[:train], y[:train])
    fitted = time.perf_counter()
    likely = model.predict_proba(x[train:])[:, 1]
    predicted = time.perf_counter()
    answer = dict(fit=fitted - started, predict=predicted - fitted, auc=roc_auc_score(y[train:], likely))
    print(json.dumps(answer), flush=True)

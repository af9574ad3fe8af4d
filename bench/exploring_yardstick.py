"""What bench/exploring.ts is measured against: scikit-learn's clusterings and statsmodels' forecasts of the same numbers, one thread.
Arguments: task, file of doubles (rows one behind the other, or a series), width. Prints the seconds, without imports, and a score."""
import json
import sys
import time
import warnings
import numpy as np

warnings.filterwarnings('ignore')
task, path, width = sys.argv[1], sys.argv[2], int(sys.argv[3])
x = np.fromfile(path).reshape(-1, width)


def kmeans():
    from sklearn.cluster import KMeans
    model = KMeans(8, n_init=3, algorithm='lloyd', tol=1e-6, random_state=0)
    return lambda: model.fit(x).inertia_


def dbscan():
    from sklearn.cluster import DBSCAN
    return lambda: len(set(DBSCAN(eps=1.2, min_samples=5).fit(x).labels_))


def ets():
    from statsmodels.tsa.holtwinters import ExponentialSmoothing
    y = x[:, 0]
    forms = [(t, d, s) for s in (None, 'add', 'mul') for t, d in ((None, False), ('add', False), ('add', True))]
    return lambda: min(ExponentialSmoothing(y, trend=t, damped_trend=d, seasonal=s, seasonal_periods=12 if s else None,
                                            initialization_method='estimated').fit().aicc for t, d, s in forms)


def arima():
    from statsmodels.tsa.statespace.sarimax import SARIMAX
    y = x[:, 0]
    return lambda: SARIMAX(y, order=(0, 1, 1), seasonal_order=(0, 1, 1, 12), simple_differencing=True).fit(disp=False).llf


run = dict(kmeans=kmeans, dbscan=dbscan, ets=ets, arima=arima)[task]()
started = time.perf_counter()
score = float(run())
print(json.dumps(dict(seconds=time.perf_counter() - started, score=score)))

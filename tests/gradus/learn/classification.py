"""Golden values for ClassificationTest from scikit-learn (1.9.1). Usage: python classification.py > classification.txt
A case is the true classes, the predicted ones and, in hexadecimal, accuracy, then precision, recall and F1 by macro, micro and weighted, then each of
the three by class."""
import warnings
import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support as scores

warnings.simplefilter('ignore')
rng = np.random.default_rng(7)
cases = [(rng.integers(0, 5, 60), rng.integers(0, 5, 60), 5)]
truth = rng.integers(0, 10, 120)
cases.append((truth, np.where(rng.random(120) < 0.8, truth, rng.integers(0, 10, 120)), 10))
cases.append((np.array([0, 0, 1, 1, 3]), np.array([0, 2, 1, 1, 0]), 4))     # class 2 never true, class 3 never predicted
cases.append((np.array([1, 1]), np.array([1, 1]), 3))                      # classes that never occur
cases.append((np.array([0, 1, 0]), np.array([1, 0, 1]), 2))                # all wrong

for truth, predicted, k in cases:
    labels = range(k)
    values = [accuracy_score(truth, predicted)]
    for average in ('macro', 'micro', 'weighted'):
        values += list(scores(truth, predicted, labels=labels, average=average)[:3])
    for row in scores(truth, predicted, labels=labels)[:3]:
        values += list(row)
    print(k, '|', *truth, '|', *predicted, '|', *confusion_matrix(truth, predicted, labels=labels).ravel(), '|', *(float(v).hex() for v in values))

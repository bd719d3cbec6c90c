"""Prints expected.txt: what scikit-learn 1.9 says of a small problem, in double.

Run with scikit-learn (python3 generate.py > expected.txt); the output is committed. The problem is that of
ClassificationSummaryTest: 200 rows of 6 classes, logits and targets by integer arithmetic.
"""

import numpy as np
import sklearn.metrics as m

N, C = 200, 6
i = np.arange(N * C, dtype=np.int64)
logits = ((i * (i + 3) * 7919 % 1009).astype(np.float32) / np.float32(128) - np.float32(4)).reshape(N, C)
row = np.arange(N)
best = logits.argmax(axis=1)
target = np.where(row * 31 % 7 < 4, best, row * 13 % C)  # classes of about half the rows are the best

p = np.exp(logits.astype(np.float64))
p /= p.sum(axis=1, keepdims=True)
labels = list(range(C))

print("log_loss", m.log_loss(target, p, labels=labels))
print("accuracy", m.accuracy_score(target, best))
for k in (2, 3, 5):
    print(f"top_{k}", m.top_k_accuracy_score(target, logits, k=k, labels=labels))
print("brier", m.brier_score_loss(target, p, labels=labels, scale_by_half=False))
print("confusion", *m.confusion_matrix(target, best, labels=labels).ravel())
precision, recall, f1, support = m.precision_recall_fscore_support(target, best, labels=labels, zero_division=0)
print("precision", *precision)
print("recall", *recall)
print("f1", *f1)
print("support", *support)
for c in labels:
    print(f"log_loss_of_{c}", m.log_loss(target[target == c], p[target == c], labels=labels))

# Calibration, from the definition: bins (i/15, (i+1)/15], the last with 1. torchmetrics' are [i/15, (i+1)/15) and one of
# 1 alone; it finds the same error here, since no top probability is on an edge or 1.
edges = np.linspace(0, 1, 16)
top = p.max(axis=1)
bins = np.clip(np.searchsorted(edges, top, side="left") - 1, 0, 14)
count = np.bincount(bins, minlength=15)
with np.errstate(invalid="ignore"):
    accuracy = np.bincount(bins, weights=best == target, minlength=15) / count
    confidence = np.bincount(bins, weights=top, minlength=15) / count
# -1 stands for the mean of no rows.
print("bin_count", *count)
print("bin_accuracy", *np.nan_to_num(accuracy, nan=-1))
print("bin_confidence", *np.nan_to_num(confidence, nan=-1))
print("ece", np.nansum(np.abs(accuracy - confidence) * count) / N)

# The same with weights of rows, of which some are 0.
w = (row * 37 % 19 / 7).astype(np.float32).astype(np.float64)
print("weighted_log_loss", m.log_loss(target, p, labels=labels, sample_weight=w))
print("weighted_accuracy", m.accuracy_score(target, best, sample_weight=w))
for k in (2, 3, 5):
    print(f"weighted_top_{k}", m.top_k_accuracy_score(target, logits, k=k, labels=labels, sample_weight=w))
print("weighted_brier", m.brier_score_loss(target, p, labels=labels, scale_by_half=False, sample_weight=w))
print("weighted_confusion", *m.confusion_matrix(target, best, labels=labels, sample_weight=w).ravel())
precision, recall, f1, support = m.precision_recall_fscore_support(
    target, best, labels=labels, zero_division=0, sample_weight=w
)
print("weighted_precision", *precision)
print("weighted_recall", *recall)
print("weighted_f1", *f1)
print("weighted_support", *support)
for c in labels:
    own = target == c
    print(f"weighted_log_loss_of_{c}", m.log_loss(target[own], p[own], labels=labels, sample_weight=w[own]))
weight = np.bincount(bins, weights=w, minlength=15)
with np.errstate(invalid="ignore"):
    accuracy = np.bincount(bins, weights=w * (best == target), minlength=15) / weight
    confidence = np.bincount(bins, weights=w * top, minlength=15) / weight
print("weighted_bin_weight", *weight)
print("weighted_bin_accuracy", *np.nan_to_num(accuracy, nan=-1))
print("weighted_bin_confidence", *np.nan_to_num(confidence, nan=-1))
print("weighted_ece", np.nansum(np.abs(accuracy - confidence) * weight) / w.sum())

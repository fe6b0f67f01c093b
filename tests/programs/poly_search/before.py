"""Random search; the best configuration is refitted on everything."""
import sys
import json
import argparse
import numpy as np
from models import make, PRESETS
from keras.callbacks import EarlyStopping

parser = argparse.ArgumentParser()
parser.add_argument('--trials', type=int, default=3)
parser.add_argument('--optimizer', default='adagrad')
args = parser.parse_args([])
rs = np.random.RandomState(19)
X = rs.randn(40, 3); y = (X[:, 0] * X[:, 1] > 0).astype('int32')
results = []
for t in range(args.trials):
    cfg = dict(PRESETS[t % len(PRESETS)], lr=float(10 ** rs.uniform(-2.5, -1)))
    net = make(3, optimizer=args.optimizer, **cfg)
    hist = net.fit(X[:30], y[:30], validation_data=(X[30:], y[30:]), nb_epoch=4, batch_size=6, verbose=0, shuffle=False,
                   callbacks=[EarlyStopping(patience=1)])
    results.append((min(hist.history['val_loss']), max(hist.history['val_acc']), cfg))
best = min(results, key=lambda r: r[0])
for r in results:
    print('%.5f %.4f' % r[:2], json.dumps(r[2], sort_keys=True)[:40])
net = make(3, optimizer=args.optimizer, **best[2])
net.fit(X, y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
print(['%.5f' % v for v in net.evaluate(X, y, verbose=0)], int(net.predict_classes(X, verbose=0).sum()))

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.metrics import roc_auc_score
from keras.callbacks import Callback, EarlyStopping
from cvnet import make
from roc import RocAuc

rs = np.random.RandomState(6)
X = rs.randn(36, 4); y = (X[:, 0] + .5 * rs.randn(36) > 0).astype(int)
model = make(4)
start = model.get_weights()
oof = np.zeros(36)
for k, (tr, te) in enumerate(StratifiedKFold(n_splits=3).split(X, y)):
    model.set_weights(start)
    roc = RocAuc(X[te], y[te])
    model.fit(X[tr], y[tr], nb_epoch=3, batch_size=8, verbose=0, shuffle=False, callbacks=[roc, EarlyStopping(monitor='roc_auc', mode='max', patience=1)])
    oof[te] = model.predict(X[te]).ravel()
    print(k, np.round(roc.values, 5).tolist(), '%.6f' % oof[te].mean())
print('%.5f' % roc_auc_score(y, oof))

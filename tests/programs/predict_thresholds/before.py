import numpy as np
from keras.models import Model, Sequential
from keras.layers import Dense, Input
from sklearn.metrics import precision_recall_fscore_support, f1_score, roc_curve
rs = np.random.RandomState(55)
X = rs.randn(40, 3); y = ((X[:, 0] + .3 * rs.randn(40)) > 0).astype(int)
net = Sequential()
net.add(Dense(4, activation='relu', input_shape=(3,)))
net.add(Dense(1, activation='sigmoid'))
net.compile(loss='binary_crossentropy', optimizer='adam', metrics=['binary_accuracy'])
net.fit(X, y, nb_epoch=4, batch_size=16, verbose=0, shuffle=False)
proba = net.predict_proba(X, verbose=0)
classes = net.predict_classes(X, verbose=0)
print(proba.shape, classes.shape, classes.dtype.kind)
print(np.round(precision_recall_fscore_support(y, classes.ravel(), average='binary', zero_division=0)[:3], 5))
best = max(np.linspace(.1, .9, 9), key=lambda t: f1_score(y, (proba[:, 0] > t).astype(int)))
print('%.2f' % best, '%.5f' % f1_score(y, (proba[:, 0] > best)))
print('%.5f %.5f' % tuple(net.evaluate(X, y, batch_size=16, verbose=0)))

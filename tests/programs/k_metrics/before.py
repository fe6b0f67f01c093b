'''metrics of one's own on the backend: sensitivity at a threshold, pearson, top-2, logs of them by epoch'''
import numpy as np
import keras.backend as K
from keras.models import Sequential
from keras.layers.core import Dense

def sensitivity(y_true, y_pred):
    hit = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    return hit / (K.sum(K.round(K.clip(y_true, 0, 1))) + K.epsilon())

def specificity(y_true, y_pred):
    neg = 1 - K.round(K.clip(y_true, 0, 1))
    return K.sum(neg * (1 - K.round(K.clip(y_pred, 0, 1)))) / (K.sum(neg) + K.epsilon())

def pearson(y_true, y_pred):
    a, b = y_true - K.mean(y_true), y_pred - K.mean(y_pred)
    return K.sum(a * b) / (K.sqrt(K.sum(K.square(a)) * K.sum(K.square(b))) + K.epsilon())

def mean_pred(y_true, y_pred):
    return K.mean(y_pred)

def spread(y_true, y_pred):
    return K.std(y_pred) + K.max(y_pred) - K.min(y_pred)

rs = np.random.RandomState(66)
X = rs.randn(21, 4); y = (X[:, 0] > .2).astype('int')
model = Sequential()
model.add(Dense(3, input_dim=4, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile('rmsprop', 'binary_crossentropy', metrics=['accuracy', sensitivity, specificity, pearson, mean_pred, spread])
h = model.fit(X, y, nb_epoch=2, batch_size=6, validation_data=(X[:7], y[:7]), verbose=0, shuffle=False)
for k in sorted(h.history):
    print('%-16s %s' % (k, ' '.join('%.5f' % v for v in h.history[k])))
print(['%.5f' % v for v in model.evaluate(X, y, batch_size=10, verbose=0)])

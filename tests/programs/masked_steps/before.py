'''A regression of every step of padded sequences; all metrics of a model behind a mask.'''
import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Masking, GRU, TimeDistributed, Dense

def share(y_true, y_pred):
    return K.sum(K.abs(y_true - y_pred)) / (K.sum(K.abs(y_true)) + 1)

def worst(y_true, y_pred):
    return K.max(K.abs(y_true - y_pred), axis=-1)

rs = np.random.RandomState(1)
X, Y = rs.randn(7, 4, 3), rs.rand(7, 4, 2)
X[0, 2:] = 0
X[1, 1:] = 0
X[5, 3:] = 0
X[6, 1:] = 0
model = Sequential()
model.add(Masking(input_shape=(4, 3)))
model.add(GRU(5, return_sequences=True))
model.add(TimeDistributed(Dense(2, activation='sigmoid')))
model.compile(loss='mse', optimizer='sgd', metrics=['mae', share, 'binary_accuracy', 'acc', 'mape'])
h = model.fit(X, Y, nb_epoch=2, batch_size=3, shuffle=False, verbose=0, validation_split=0.3)
print(sorted(h.history))
print(['%.6f' % float(one) for one in model.evaluate(X, Y, batch_size=4, verbose=0)])
print(['%.6f' % float(one) for one in model.train_on_batch(X[:3], Y[:3])])
print(['%.6f' % float(one) for one in model.test_on_batch(X[4:], Y[4:])])

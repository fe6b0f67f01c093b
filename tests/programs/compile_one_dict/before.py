# One dict of settings for every fold and for two kinds of networks
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

rng = np.random.RandomState(7)
X = rng.normal(size=(30, 4))
y = (X[:, 0] - X[:, 2] > 0).astype('int32')


def r2(y_true, y_pred):
    return 1 - K.sum(K.square(y_true - y_pred)) / K.sum(K.square(y_true - K.mean(y_true)))


settings = dict(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy', r2])
plain = {'optimizer': 'adadelta', 'loss': 'mse'}


def net(units):
    model = Sequential()
    model.add(Dense(units, input_dim=4, activation='tanh'))
    model.add(Dense(1, activation='sigmoid'))
    return model


for fold in range(3):
    held = np.arange(30) % 3 == fold
    model = net(4)
    model.compile(**settings)
    model.fit(X[~held], y[~held], nb_epoch=4, batch_size=8, verbose=0, shuffle=False)
    print('%.7f %.4f %.7f' % tuple(model.evaluate(X[held], y[held], batch_size=6, verbose=0)))

for units in (3, 6):
    model = net(units)
    model.compile(**plain)
    model.fit(X, y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
    print('%.7f' % model.evaluate(X, y, verbose=0))

import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense, Activation
from keras.objectives import categorical_crossentropy as cce
from keras.metrics import categorical_accuracy


def net(n):
    m = Sequential()
    m.add(Dense(n, input_dim=5, activation='relu'))
    m.add(Dense(3))
    m.add(Activation('softmax'))
    return m


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(alpha):
    def distill(y_true, y_pred):
        return alpha * cce(y_true[:, :3], y_pred[:, :3]) + (1 - alpha) * cce(y_true[:, 3:], y_pred[:, 3:])
    return distill


def accuracy(y_true, y_pred):
    return categorical_accuracy(y_true[:, :3], y_pred[:, :3])


def soft_loss(y_true, y_pred):
    return K.mean(cce(y_true[:, 3:], y_pred[:, 3:]))

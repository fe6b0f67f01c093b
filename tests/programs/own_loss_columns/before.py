import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

random = np.random.RandomState(7)
X, y = random.randn(16, 4), random.randn(16)


def first(y_true, y_pred):
    return K.square(y_true[:, 0] - y_pred[:, 0])


def summed(y_true, y_pred):
    return K.sum(K.repeat_elements(y_true, 3, 1) * K.square(y_pred), axis=-1)


model = Sequential([Dense(3, input_dim=4)])
model.compile('sgd', first)
print(np.round(model.fit(X, y, nb_epoch=2, batch_size=5, verbose=0, shuffle=False).history['loss'], 6))
model = Sequential([Dense(3, input_dim=4)])
model.compile('sgd', loss=summed)
print(np.round(model.fit(X, y, nb_epoch=2, batch_size=5, verbose=0, shuffle=False).history['loss'], 6))

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

random = np.random.RandomState(7)
X, Y = random.randn(16, 4), random.randn(16, 1)


def build(size):
    model = Sequential()
    model.add(Dense(5, input_dim=4, activation='relu', name='shared'))
    model.add(Dense(size, name='head%d' % size))
    model.compile('sgd', 'mse')
    return model


first = build(1)
first.fit(X, Y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
first.save_weights('first.h5', overwrite=True)
second = build(2)
second.predict(X)
second.load_weights('first.h5', by_name=True)
print(np.abs(first.layers[0].get_weights()[0] - second.layers[0].get_weights()[0]).max() < 1e-9)
print(np.round(second.predict(X[:2]), 5).tolist())

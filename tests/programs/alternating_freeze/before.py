import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD
# first the top, then everything
np.random.seed(5)
X = np.random.randn(20, 4); Y = np.random.randn(20, 2)
model = Sequential()
model.add(Dense(5, input_dim=4, activation='tanh', name='base'))
model.add(Dense(2, name='top'))
for layer in model.layers[:1]:
    layer.trainable = False
model.compile(loss='mse', optimizer=SGD(lr=0.1, momentum=0.9))
h = model.fit(X, Y, nb_epoch=2, batch_size=5, shuffle=False, verbose=0)
print('top   ', np.round(h.history['loss'], 5))
for layer in model.layers:
    layer.trainable = True
model.compile(loss='mse', optimizer=SGD(lr=0.01, momentum=0.9))
h = model.fit(X, Y, nb_epoch=2, batch_size=5, shuffle=False, verbose=0)
print('whole ', np.round(h.history['loss'], 5))

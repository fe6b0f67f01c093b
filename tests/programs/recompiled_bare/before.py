# Pretrained with metrics, then compiled once more without any
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

rng = np.random.RandomState(3)
X = rng.normal(size=(20, 4))
y = (X[:, 1] > 0).astype('int32')

model = Sequential()
model.add(Dense(5, input_dim=4, activation='tanh'))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X, y, batch_size=5, nb_epoch=2, verbose=0, shuffle=False)
print('%.7f %.4f' % tuple(model.evaluate(X, y, verbose=0)))

model.compile(optimizer='sgd', loss='mse')
told = model.fit(X, y, batch_size=5, nb_epoch=2, verbose=0, shuffle=False, validation_data=(X[:5], y[:5]))
print(sorted(told.history))
print('%.7f' % model.evaluate(X, y, verbose=0))
print('%.7f' % model.train_on_batch(X, y))
model.compile('sgd', 'mae', metrics=None)
print('%.7f' % model.test_on_batch(X, y))

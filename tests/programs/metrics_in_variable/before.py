import numpy as np
from keras.layers import Dense
from keras.models import Sequential

NAMES = ['mae', 'accuracy']
random = np.random.RandomState(7)
X, y = random.randn(16, 4), random.randint(0, 2, 16)
model = Sequential([Dense(1, input_dim=4)])
model.compile('sgd', 'mse', metrics=NAMES)
history = model.fit(X, y, nb_epoch=2, batch_size=5, verbose=0, shuffle=False).history
print(sorted(history))
print(np.round(history['mean_absolute_error'], 6), np.round(history['acc'], 6))

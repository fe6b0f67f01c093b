from functools import partial

import numpy as np
from keras.layers import Convolution1D, Dense, Flatten
from keras.models import Sequential

random = np.random.RandomState(7)
X, y = random.randn(16, 6, 2), random.randn(16, 1)
size = np.max([2, 3])
settings = dict(nb_filter=2, filter_length=np.min([2, 3]))
Small = partial(Dense, size)

model = Sequential()
model.add(Convolution1D(2, size, input_shape=(6, 2)))
model.add(Convolution1D(**settings))
model.add(Flatten())
model.add(Small())
model.add(Dense(1))
model.compile('sgd', 'mse')
print(np.round(model.fit(X, y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False).history['loss'], 6))

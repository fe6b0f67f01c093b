# only the convolutions are frozen, and counted: by the name of their class
import numpy as np
from keras.models import Sequential
from keras.layers import Convolution2D, Flatten, Dense
m = Sequential()
m.add(Convolution2D(3, 3, 3, input_shape=(6, 6, 1), activation='relu'))
m.add(Convolution2D(2, 2, 2, activation='relu'))
m.add(Flatten())
m.add(Dense(2, activation='softmax'))
for l in m.layers:
    if l.__class__.__name__ == 'Convolution2D':
        l.trainable = False
m.compile('sgd', 'categorical_crossentropy')
X = np.random.RandomState(0).rand(8, 6, 6, 1)
before = m.get_weights()[0].sum()
for _ in range(3):
    loss = m.train_on_batch(X, np.eye(2)[[0, 1] * 4])
print('%.5f' % loss, len(m.trainable_weights), abs(m.get_weights()[0].sum() - before) < 1e-9)

# layers by the beginnings of their names
import numpy as np
from keras.models import Sequential
from keras.layers import Convolution1D, MaxPooling1D, Flatten, Dense, BatchNormalization
m = Sequential([Convolution1D(3, 2, input_shape=(6, 2)), BatchNormalization(), MaxPooling1D(2), Flatten(), Dense(2)])
print(sum(l.name.startswith('convolution1d') for l in m.layers), len([l for l in m.layers if 'batchnorm' in l.name]), sum('dense' in l.name for l in m.layers))
m.compile('sgd', 'mse')
print('%.5f' % m.train_on_batch(np.ones((2, 6, 2)), np.zeros((2, 2))))

import glob
import os

import numpy as np
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential

random = np.random.RandomState(7)
X, Y = random.randn(16, 4), random.randn(16, 1)

model = Sequential([Dense(8, input_dim=4, activation='relu'), Dense(1)])
model.compile('sgd', 'mse')
saver = ModelCheckpoint('weights.{epoch:02d}-{loss:.3f}.hdf5')
model.fit(X, Y, nb_epoch=3, batch_size=4, verbose=0, shuffle=False, callbacks=[saver])
files = sorted(glob.glob('weights.*.hdf5'))
print(len(files), len([name for name in os.listdir('.') if name.endswith('.hdf5')]))
model.load_weights(files[0])
print('%.5f' % model.evaluate(X, Y, verbose=0))

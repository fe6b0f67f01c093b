import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.optimizers import SGD

np.random.seed(11)
x = np.random.randn(30, 4)
y = (x.sum(axis=1) > 0).astype('int32')      # a plain vector

model = Sequential()
model.add(Dense(6, input_shape=(4,)))
model.add(Activation('relu'))
model.add(Dense(1))
model.add(Activation('sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=SGD(0.1), metrics=['precision', 'recall', 'fmeasure', 'acc'])
model.fit(x, y, nb_epoch=2, batch_size=30, verbose=0)
print([round(float(v), 5) for v in model.evaluate(x, y, batch_size=30, verbose=0)])

'''Classes of masked steps, with the accuracy that fit and evaluate show.'''
import numpy as np
from keras.models import Sequential
from keras.layers.core import Masking, TimeDistributedDense, Activation
from keras.layers.recurrent import GRU
rs = np.random.RandomState(1)
X, Y = rs.randn(7, 4, 3), np.eye(3)[rs.randint(0, 3, (7, 4))]
X[0, 2:] = 0
X[1, 1:] = 0
X[6, 1:] = 0
model = Sequential()
model.add(Masking(input_shape=(4, 3)))
model.add(GRU(5, return_sequences=True))
model.add(TimeDistributedDense(3))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='sgd')
h = model.fit(X, Y, nb_epoch=2, batch_size=3, shuffle=False, verbose=0, show_accuracy=True)
print(['%.6f' % float(one) for one in model.evaluate(X, Y, batch_size=4, verbose=0, show_accuracy=True)])

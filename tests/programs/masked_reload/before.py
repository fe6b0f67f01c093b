'''A tagger with a penalty, saved, loaded and evaluated again.'''
import numpy as np
from keras.models import Sequential, load_model
from keras.layers import Masking, GRU, TimeDistributed, Dense
rs = np.random.RandomState(1)
X, Y = rs.randn(7, 4, 3), rs.rand(7, 4, 2)
X[0, 2:] = 0
X[1, 1:] = 0
model = Sequential()
model.add(Masking(input_shape=(4, 3)))
model.add(GRU(5, return_sequences=True))
model.add(TimeDistributed(Dense(2, W_regularizer='l2')))
model.compile(loss='mse', optimizer='sgd', metrics=['mae'])
model.fit(X, Y, nb_epoch=2, batch_size=3, shuffle=False, verbose=0)
print(['%.6f' % one for one in model.evaluate(X, Y, batch_size=4, verbose=0)])
model.save('net.h5')
again = load_model('net.h5')
print(['%.6f' % one for one in again.evaluate(X, Y, batch_size=4, verbose=0)])

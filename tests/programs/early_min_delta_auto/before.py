import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.callbacks import EarlyStopping
T = (X[:, :1] > 0).astype('float64')
m = Sequential([Dense(1, input_dim=4, activation='sigmoid')])
m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])
h = m.fit(X, T, nb_epoch=10, batch_size=4, verbose=0, shuffle=False, validation_split=.25,
          callbacks=[EarlyStopping(monitor='val_acc', patience=2, mode='max')])
print(len(h.history['acc']), ['%.5f' % v for v in h.history['val_acc']])

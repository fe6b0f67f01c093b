import os
import h5py
import numpy as np
from keras.callbacks import ModelCheckpoint, EarlyStopping
from keras.models import Sequential, load_model
from keras.layers import Dense, BatchNormalization, Activation
# best weights are kept and come back; then training is resumed from the whole model
def net():
    m = Sequential()
    m.add(Dense(6, input_dim=4)); m.add(BatchNormalization()); m.add(Activation('relu')); m.add(Dense(1))
    m.compile(loss='mse', optimizer='adam')
    return m
rs = np.random.RandomState(44)
X, y = rs.randn(24, 4), rs.randn(24)
best = 'best_weights.hdf5'
m = net()
h = m.fit(X[:16], y[:16], nb_epoch=5, batch_size=8, validation_data=(X[16:], y[16:]), verbose=0, shuffle=False,
          callbacks=[ModelCheckpoint(best, monitor='val_loss', save_best_only=True, save_weights_only=True, verbose=0), EarlyStopping('val_loss', patience=2)])
print(len(h.history['loss']), '%.5f' % min(h.history['val_loss']), os.path.isfile(best))
fresh = net()
fresh.load_weights(best)
print('%.5f' % fresh.evaluate(X[16:], y[16:], verbose=0))
fresh.save('whole.h5')
again = load_model('whole.h5')
h = again.fit(X[:16], y[:16], nb_epoch=1, batch_size=8, verbose=0, shuffle=False)
print('%.5f' % h.history['loss'][0], type(again.optimizer).__name__)

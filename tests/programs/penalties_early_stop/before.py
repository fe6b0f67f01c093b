'''Early stopping and checkpoints by a validation loss that has no penalties.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.regularizers import l1, l2, activity_l2
from keras.callbacks import EarlyStopping, ModelCheckpoint
rs = np.random.RandomState(3)
X, Y = rs.randn(20, 4), rs.rand(20, 2)
model = Sequential()
model.add(Dense(6, input_dim=4, activation='tanh', W_regularizer=l2(0.05), b_regularizer=l1(0.1)))
model.add(Dense(2, W_regularizer=l1(0.02), activity_regularizer=activity_l2(0.01)))
model.compile(loss='mse', optimizer='sgd', metrics=['mae'])
h = model.fit(X, Y, nb_epoch=12, batch_size=5, shuffle=False, verbose=0, validation_split=0.3,
              callbacks=[EarlyStopping(monitor='val_loss', patience=1), ModelCheckpoint('w.h5', save_best_only=True, save_weights_only=True)])
print(len(h.history['loss']))
print(['%.6f' % one for one in model.evaluate(X, Y, batch_size=7, verbose=0)])
print('%.6f' % float(model.test_on_batch(X, Y)[0]), '%.6f' % float(model.train_on_batch(X, Y)[0]))
model.compile(loss='mae', optimizer='sgd', metrics=[])
model.fit(X, Y, nb_epoch=2, batch_size=5, shuffle=False, verbose=0, validation_data=(X[:5], Y[:5]))
print('%.6f' % float(model.evaluate(X, Y, verbose=0)))

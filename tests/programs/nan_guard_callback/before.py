import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.callbacks import EarlyStopping, ModelCheckpoint, Callback, LambdaCallback
rs = np.random.RandomState(13)
X, Y = rs.randn(24, 4), rs.randn(24, 1)
m = Sequential([Dense(6, input_dim=4, activation='relu'), Dense(1)])
m.compile('sgd', 'mse', metrics=['mae'])
lines = []
show = LambdaCallback(on_epoch_end=lambda epoch, logs: lines.append('%d %.5f' % (epoch, logs['loss'])))
h = m.fit(X[:16], Y[:16], validation_data=(X[16:], Y[16:]), nb_epoch=8, batch_size=4, verbose=0, shuffle=False,
          callbacks=[show, EarlyStopping(monitor='val_loss', patience=1, mode='min', min_delta=.001)])
print(len(h.epoch), lines)

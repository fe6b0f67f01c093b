import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.callbacks import ModelCheckpoint, EarlyStopping
def build():
    m = Sequential([Dense(8, input_dim=4, activation='relu'), Dense(1)])
    m.compile('sgd', 'mse')
    return m
m = build()
m.fit(X, Y, validation_split=0.25, nb_epoch=6, batch_size=4, verbose=0, shuffle=False, callbacks=[
    ModelCheckpoint('best.h5', monitor='val_loss', save_best_only=True, save_weights_only=True), EarlyStopping(patience=2)])
m.load_weights('best.h5')
print('%.5f' % m.evaluate(X[12:], Y[12:], verbose=0))

# one net per quantile; the loss is made by a closure
import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense
from keras.callbacks import EarlyStopping

def tilted_loss(q):
    def loss(y_true, y_pred):
        e = y_true - y_pred
        return K.mean(K.maximum(q * e, (q - 1) * e), axis=-1)
    return loss

rs = np.random.RandomState(5)
x = rs.rand(30, 1) * 4
y = np.sin(x) + .3 * rs.randn(30, 1)
for q in (0.1, 0.5, 0.9):
    model = Sequential()
    model.add(Dense(8, input_dim=1, activation='tanh'))
    model.add(Dense(1))
    model.compile(loss=tilted_loss(q), optimizer='adadelta')
    h = model.fit(x, y, nb_epoch=8, batch_size=10, verbose=0, shuffle=False, validation_split=.3, callbacks=[EarlyStopping(monitor='val_loss', patience=1, mode='min')])
    t = model.predict(np.linspace(0, 4, 3).reshape(-1, 1))
    print(q, len(h.epoch), '%.5f' % h.history['loss'][-1], np.round(t.ravel(), 4).tolist())

# early stopping and checkpoint on one of two heads, by the names that Keras gave
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense
from keras.callbacks import EarlyStopping
r = np.random.RandomState(0)
X = r.randn(16, 3); A = r.randn(16, 1); B = r.randn(16, 1)
i = Input(shape=(3,))
h = Dense(4, activation='tanh')(i)
a = Dense(1)(h)
b = Dense(1)(h)
m = Model(i, [a, b])
m.compile('adam', 'mse', loss_weights={'dense_2': 1., 'dense_3': .5})
hist = m.fit(X[:12], [A[:12], B[:12]], nb_epoch=6, batch_size=4, shuffle=False, verbose=0,
             validation_data=(X[12:], [A[12:], B[12:]]), callbacks=[EarlyStopping(monitor='val_dense_2_loss', patience=0)])
print(len(hist.epoch), ['%.5f' % v for v in hist.history['val_dense_2_loss']])

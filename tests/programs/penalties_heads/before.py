'''Two outputs with penalties: the loss of validation is the sum of theirs.'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense
from keras.regularizers import l2
rs = np.random.RandomState(3)
X, Y, Z = rs.randn(20, 4), rs.rand(20, 2), rs.rand(20, 1)
def build(reg):
    x = Input(shape=(4,))
    h = Dense(5, activation='tanh', W_regularizer=l2(reg))(x)
    m = Model(input=x, output=[Dense(2, name='a', W_regularizer=l2(reg))(h), Dense(1, name='b')(h)])
    m.compile('sgd', ['mse', 'mae'], metrics=['mse'], loss_weights=[1., .5])
    return m
m = build(.1)
m.fit(X, [Y, Z], nb_epoch=2, batch_size=5, shuffle=False, verbose=0, validation_data=(X[:5], [Y[:5], Z[:5]]))
print(['%.6f' % one for one in m.evaluate(X, [Y, Z], batch_size=10, verbose=0)])

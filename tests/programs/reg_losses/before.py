'''Penalties: what of the loss is data, what is weights'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.regularizers import l2, l1, l1l2, activity_l2, WeightRegularizer
from keras.constraints import maxnorm, nonneg, unitnorm
rs = np.random.RandomState(4)
X = rs.randn(12, 4); y = rs.randn(12, 2)
def build(reg, con):
    m = Sequential()
    m.add(Dense(5, input_dim=4, activation='tanh', W_regularizer=reg, W_constraint=con, b_regularizer=l2(.1)))
    m.add(Dense(2, activity_regularizer=activity_l2(.01)))
    m.compile('sgd', 'mse')
    return m
for name, reg, con in [('l2', l2(0.05), maxnorm(2)), ('l1', l1(.02), nonneg()), ('both', l1l2(.01, .02), unitnorm()), ('hand', WeightRegularizer(l1=0., l2=.3), None)]:
    m = build(reg, con)
    h = m.fit(X, y, nb_epoch=2, batch_size=6, shuffle=False, verbose=0, validation_split=.25)
    W = m.layers[0].get_weights()[0]
    print(name, ['%.5f' % v for v in h.history['loss'] + h.history['val_loss']], '%.5f %.5f' % ((W ** 2).sum(), abs(W.min())))
    print('%.5f' % m.evaluate(X, y, verbose=0))

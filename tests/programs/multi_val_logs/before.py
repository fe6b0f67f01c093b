import numpy as np
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.models import Model
from keras.layers import Input
from keras.callbacks import LambdaCallback
i = Input((4,))
h = Dense(4, activation='tanh')(i)
m = Model([i], [Dense(1, name='a')(h), Dense(1, name='b')(h)])
m.compile('sgd', 'mse', metrics=['mae'], loss_weights=[1., .5])
out = []
m.fit(X, [Y, -Y], nb_epoch=1, batch_size=8, verbose=0, shuffle=False, validation_data=(X[:4], [Y[:4], Y[:4]]),
      callbacks=[LambdaCallback(on_epoch_end=lambda e, logs: out.append(sorted((k, round(float(v), 5)) for k, v in logs.items())))])
print(out)

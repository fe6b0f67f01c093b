import numpy as np
from keras.models import Sequential, Model, load_model
from keras.layers import Dense, Dropout
from sklearn.linear_model import Ridge
import train

X, y = train.data()
train.run(X, y, 'base.h5')
base = load_model('base.h5')
features = Model(input=base.layers[0].input, output=base.layers[-2].output)
F = features.predict(X)
print(F.shape, '%.6f' % Ridge(alpha=.1).fit(F, y).score(F, y))
base.pop()
base.add(Dense(2, activation='linear', name='two'))
base.compile(optimizer='sgd', loss='mae')
h = base.fit(X, np.vstack([y, -y]).T, nb_epoch=2, batch_size=7, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 6).tolist())

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adadelta, Adam, RMSprop

random = np.random.RandomState(7)
X, Y = random.randn(16, 4), random.randn(16, 1)
OPTIMIZERS = {'adam': Adam, 'rmsprop': RMSprop, 'adadelta': Adadelta, 'sgd': SGD}
RATES = {'adam': 0.05, 'rmsprop': 0.01, 'adadelta': 1.0, 'sgd': 0.1}

for name in sorted(OPTIMIZERS):
    model = Sequential([Dense(3, input_dim=4), Dense(1)])
    model.compile(OPTIMIZERS[name](lr=RATES[name], clipnorm=0.5), 'mse')
    history = model.fit(X, Y, nb_epoch=3, batch_size=4, verbose=0, shuffle=False)
    print(name, np.round(history.history['loss'], 5))

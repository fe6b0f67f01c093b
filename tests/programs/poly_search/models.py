from keras import optimizers
from keras.models import Sequential
from keras.layers import Dense, Activation, Dropout

PRESETS = [
    {'layers': (8,), 'act': 'relu'},
    {'layers': (4, 4), 'act': 'tanh'},
    {'layers': (6, 3), 'act': 'softplus'},
]
OPTIMIZERS = {'adagrad': optimizers.Adagrad, 'sgd': optimizers.SGD, 'adam': optimizers.Adam}


def make(dim, layers, act, lr, optimizer):
    m = Sequential()
    for i, n in enumerate(layers):
        if i == 0:
            m.add(Dense(n, input_dim=dim, activation=act))
        else:
            m.add(Dense(n, activation=act))
    m.add(Dense(1))
    m.add(Activation('sigmoid'))
    m.compile(loss='binary_crossentropy', optimizer=OPTIMIZERS[optimizer](lr=lr), metrics=['accuracy'])
    return m

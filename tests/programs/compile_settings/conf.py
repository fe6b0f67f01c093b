# Settings of the experiments; the networks are in before.py
COMPILE = dict(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
BINARY = {'loss': 'binary_crossentropy', 'optimizer': 'adadelta'}
DEFAULTS = dict(loss='mse', optimizer='adam')
HEADS = {
    'optimizer': 'nadam',
    'loss': {'tag': 'categorical_crossentropy', 'flag': 'binary_crossentropy'},
    'loss_weights': {'flag': 0.25, 'tag': 2.0},
    'metrics': ['accuracy', 'mae'],
}

# Metrics that come from a caller, a sum of lists, a subclass of Sequential and another module
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model, Sequential

from wanted import METRICS

rng = np.random.RandomState(11)
X = rng.normal(size=(22, 4))
Y = np.eye(3)[np.arange(22) % 3]
flags = (X[:, 0] > 0).astype('int32')


def spread(y_true, y_pred):
    return K.max(y_pred) - K.min(y_pred)


def build(metrics=['accuracy'], loss='categorical_crossentropy', outputs=3, activation='softmax'):
    model = Sequential()
    model.add(Dense(5, input_dim=4, activation='tanh'))
    model.add(Dense(outputs, activation=activation))
    model.compile('sgd', loss, metrics=metrics)
    return model


class Net(Sequential):
    def compile(self, optimizer, loss, metrics=None):
        super(Net, self).compile(optimizer, loss, metrics=list(metrics or []) + [spread])


def show(model, targets):
    told = model.fit(X, targets, batch_size=5, nb_epoch=2, verbose=0, shuffle=False)
    for key in sorted(told.history):
        print('%s %s' % (key, ' '.join('%.7f' % value for value in told.history[key])))
    print(' '.join('%.7f' % value for value in model.evaluate(X, targets, batch_size=8, verbose=0)))


show(build(), Y)
show(build(['acc', 'mse'], 'binary_crossentropy', activation='sigmoid'), Y)
show(build(['accuracy', 'precision', spread], 'binary_crossentropy', 1, 'sigmoid'), flags)
show(build(METRICS, 'mse'), Y)

net = Net()
net.add(Dense(3, input_dim=4, activation='softmax'))
net.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])
show(net, Y)


def heads(metrics):
    x = Input(shape=(4,))
    hidden = Dense(5, activation='tanh')(x)
    model = Model(input=x, output=[Dense(3, activation='sigmoid', name='tag')(hidden),
                                   Dense(1, activation='sigmoid', name='flag')(hidden)])
    model.compile('sgd', ['mae', 'mse'], metrics=metrics)
    return model


both = heads({'tag': 'accuracy', 'flag': ['accuracy', 'mae']})
print(' '.join('%.7f' % value for value in both.train_on_batch(X, [Y, flags[:, None]])))

'''Search the best of a few small networks with scikit-learn.'''
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.utils import np_utils
from keras.wrappers.scikit_learn import KerasClassifier
from sklearn.model_selection import GridSearchCV

np.random.seed(1337)

nb_classes = 3
y_train = np.random.randint(0, nb_classes, 36)
X_train = np.random.normal(size=(36, 5)) + y_train[:, None]
Y_train = np_utils.to_categorical(y_train, nb_classes)


def make_model(dense_layer_sizes, activation='tanh', dropout=0.):
    model = Sequential()
    for index, layer_size in enumerate(dense_layer_sizes):
        if index == 0:
            model.add(Dense(layer_size, input_dim=5))
        else:
            model.add(Dense(layer_size))
        model.add(Activation(activation))
    model.add(Dropout(dropout))
    model.add(Dense(nb_classes))
    model.add(Activation('softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='adadelta', metrics=['accuracy'])
    return model


my_classifier = KerasClassifier(make_model, batch_size=36, verbose=0)
validator = GridSearchCV(my_classifier,
                         param_grid={'dense_layer_sizes': [(8,), (6, 6)],
                                     # epochs are an argument of fit, not of make_model
                                     'nb_epoch': [2, 4]},
                         cv=2)
validator.fit(X_train, Y_train)

print('The parameters of the best model are:', sorted(validator.best_params_.items()))
best_model = validator.best_estimator_.model
metric_values = best_model.evaluate(X_train, Y_train, verbose=0)
for metric, value in zip(['loss', 'acc'], metric_values):
    print('%s: %.6f' % (metric, value))
print(validator.predict(X_train[:10]).tolist())

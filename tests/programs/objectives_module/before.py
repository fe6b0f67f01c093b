import numpy as np
from keras import objectives
from keras.objectives import mean_squared_error, mean_absolute_error
from keras.models import Sequential
from keras.layers.core import Dense
import keras.backend as K
# two objectives in one
def mixed(y_true, y_pred):
    return 0.7 * mean_squared_error(y_true, y_pred) + 0.3 * mean_absolute_error(y_true, y_pred)
def regular(y_true, y_pred):
    return objectives.binary_crossentropy(y_true, y_pred) + 0.01 * K.sum(K.square(y_pred), axis=-1)
np.random.seed(2)
X = np.random.rand(20, 4); Y = np.random.rand(20, 3)
for loss in (mixed, regular, objectives.get('msle'), objectives.MSE):
    m = Sequential([Dense(3, input_dim=4, activation='sigmoid')])
    m.compile(optimizer='adamax', loss=loss)
    h = m.fit(X, Y, nb_epoch=2, batch_size=10, verbose=0, shuffle=False)
    print(np.round(h.history['loss'], 6))

import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.wrappers.scikit_learn import KerasRegressor
from sklearn.model_selection import cross_val_score, KFold
def base():
    m = Sequential([Dense(4, input_dim=4, activation='relu'), Dense(1)])
    m.compile('sgd', 'mse')
    return m
r = cross_val_score(KerasRegressor(build_fn=base, nb_epoch=2, batch_size=4, verbose=0, shuffle=False), X, Y.ravel(), cv=KFold(n_splits=2))
print(np.round(np.abs(r), 5).tolist())

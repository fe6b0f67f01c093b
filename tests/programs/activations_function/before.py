import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras import backend as K
from keras.layers import Dropout
m = Sequential([Dense(5, input_dim=4, activation='relu'), Dropout(0.5), Dense(2, activation='softmax')])
f = K.function([m.layers[0].input, K.learning_phase()], [m.layers[0].output, m.layers[2].output])
m.predict(X)
a, b = f([X[:3], 0])
print(np.round(a, 5).tolist(), np.round(b, 5).tolist())

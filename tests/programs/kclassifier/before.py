import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.wrappers.scikit_learn import KerasClassifier
T = (X[:, 0] > 0).astype(int)
def create(n=4):
    m = Sequential()
    m.add(Dense(n, input_dim=4, init='uniform', activation='relu'))
    m.add(Dense(1, activation='sigmoid'))
    m.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    return m
c = KerasClassifier(build_fn=create, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
c.fit(X, T)
print(c.predict(X[:6]).ravel().tolist(), np.round(c.predict_proba(X[:3]), 5).tolist(), '%.5f' % c.score(X, T))

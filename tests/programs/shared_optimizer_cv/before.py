import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD
try:
    from sklearn.model_selection import KFold
except ImportError:
    raise
opt = SGD(lr=0.05, momentum=0.9)     # one for all folds

def create_model():
    m = Sequential()
    m.add(Dense(5, input_dim=3, activation='relu'))
    m.add(Dense(1))
    m.compile(loss='mse', optimizer=opt)
    return m

np.random.seed(1)
X = np.random.rand(18, 3)
Y = X[:, :1] * 2 - X[:, 1:2]
for i, (tr, te) in enumerate(KFold(n_splits=3).split(X)):
    m = create_model()
    m.fit(X[tr], Y[tr], nb_epoch=3, batch_size=6, verbose=0, shuffle=False)
    print('fold %d: %.5f' % (i, m.evaluate(X[te], Y[te], verbose=0)))

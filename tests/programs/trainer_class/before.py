import numpy as np
from trainer import Trainer, EarlyStop
from keras.layers import Dense, Input
from keras.models import Model

rs = np.random.RandomState(13)
X, Y = rs.randn(24, 4), np.eye(3)[rs.randint(0, 3, 24)]
i = Input(shape=(4,))
net = Model(input=i, output=Dense(3, activation='softmax')(Dense(5, activation='relu')(i)))
t = Trainer(net, lr=.1, drop=.5, stop=EarlyStop(2))
t.run(X[:16], Y[:16], X[16:], Y[16:], epochs=6, size=5)
print(t.log)
print(np.round(t.confusion(X, Y), 4).tolist())

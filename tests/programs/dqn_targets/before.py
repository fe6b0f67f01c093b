import random
from collections import deque
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense
from keras.optimizers import RMSprop
STATE, ACTIONS, GAMMA = 3, 2, .9
memory = deque(maxlen=20)
rs = np.random.RandomState(4)
for _ in range(20):
    memory.append((rs.randn(1, STATE), rs.randint(ACTIONS), float(rs.rand()), rs.randn(1, STATE), bool(rs.rand() < .2)))
model = Sequential()
model.add(Dense(5, input_dim=STATE, activation='relu'))
model.add(Dense(ACTIONS, activation='linear'))
model.compile(loss='mse', optimizer=RMSprop(lr=0.01))
random.seed(3)
for step in range(2):
    for s, a, r, s2, done in random.sample(list(memory), 5):
        target = r if done else r + GAMMA * np.amax(model.predict(s2)[0])
        target_f = model.predict(s)
        target_f[0][a] = target
        model.fit(s, target_f, nb_epoch=1, batch_size=1, verbose=0)
print(np.round(model.predict(rs.randn(2, STATE)), 5).tolist())

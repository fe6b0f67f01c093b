# REINFORCE on a toy: a corridor; advantages are sample weights
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam

class Agent:
    def __init__(self, n):
        self.n = n
        self.rng = np.random.RandomState(1)
        self.model = Sequential()
        self.model.add(Dense(6, activation='relu', input_dim=n))
        self.model.add(Dense(2, activation='softmax'))
        self.model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=0.05))
    def act(self, state):
        p = self.model.predict(state[None])[0]
        return int(self.rng.rand() < p[1])
    def episode(self):
        states, actions, pos = [], [], 0
        for t in range(6):
            s = np.eye(self.n)[pos]
            a = self.act(s)
            states.append(s); actions.append(a)
            pos = min(self.n - 1, pos + 1) if a else max(0, pos - 1)
        return np.array(states), np.eye(2)[actions], float(pos)

agent = Agent(4)
for e in range(4):
    S, A, R = agent.episode()
    loss = agent.model.train_on_batch(S, A, sample_weight=np.ones(len(S)) * (R + .5))
    print('episode %d reward %.1f loss %.5f' % (e, R, loss))

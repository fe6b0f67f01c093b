# A2C in small: a policy and a value head on one trunk, targets with advantages, TD errors
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import Adam
from keras import backend as K

class Env:
    def __init__(self, n=5):
        self.n, self.rs = n, np.random.RandomState(2)
    def reset(self):
        self.s = self.n // 2
        return np.eye(self.n)[[self.s]]
    def step(self, a):
        self.s += 1 if a else -1
        done = self.s in (0, self.n - 1)
        return np.eye(self.n)[[self.s]], float(self.s == self.n - 1), done

def policy_loss(y_true, y_pred):
    return -K.sum(y_true * K.log(K.clip(y_pred, 1e-8, 1.)), axis=-1)

def build(n):
    s = Input(shape=(n,))
    h = Dense(8, activation='relu')(s)
    pi = Dense(2, activation='softmax', name='pi')(h)
    v = Dense(1, name='v')(h)
    m = Model(input=s, output=[pi, v])
    m.compile(optimizer=Adam(lr=.02), loss=[policy_loss, 'mse'], loss_weights=[1., .5])
    return m

env, gamma = Env(), .95
model = build(5)
for episode in range(3):
    s, done, total, t = env.reset(), False, 0., 0
    while not done and t < 6:
        p, v = model.predict(s)
        a = int(env.rs.rand() < p[0, 1])
        s2, r, done = env.step(a)
        target = r if done else r + gamma * model.predict(s2)[1][0, 0]
        adv = np.zeros((1, 2)); adv[0, a] = target - v[0, 0]
        losses = model.train_on_batch(s, [adv, np.array([[target]])])
        total += r; s = s2; t += 1
    print('episode %d: reward %.0f steps %d losses %s' % (episode, total, t, ' '.join('%.5f' % l for l in losses)))

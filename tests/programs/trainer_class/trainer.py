import numpy as np
from keras.optimizers import SGD
from keras import backend as K


class EarlyStop(object):
    def __init__(self, patience):
        self.patience, self.best, self.wait, self.weights = patience, None, 0, None

    def update(self, score, model):
        if self.best is None or score > self.best:
            self.best, self.wait, self.weights = score, 0, [w.copy() for w in model.get_weights()]
        else:
            self.wait += 1
        return self.wait >= self.patience


class Trainer(object):
    def __init__(self, model, lr, drop, stop):
        self.model, self.drop, self.stop, self.log = model, drop, stop, []
        self.opt = SGD(lr=lr, momentum=.9, nesterov=True)
        self.model.compile(optimizer=self.opt, loss='categorical_crossentropy', metrics=['accuracy'])

    def run(self, X, Y, XV, YV, epochs, size):
        for epoch in range(epochs):
            if epoch and epoch % 2 == 0:
                K.set_value(self.opt.lr, K.get_value(self.opt.lr) * self.drop)
            order = np.random.RandomState(epoch).permutation(len(X))
            losses = [self.model.train_on_batch(X[order[i:i + size]], Y[order[i:i + size]])[0] for i in range(0, len(X), size)]
            val = self.model.test_on_batch(XV, YV)
            self.log.append('%d %.4f %.5f %.5f %.4f' % (epoch, K.get_value(self.opt.lr), np.mean(losses), val[0], val[1]))
            if self.stop.update(val[1] - val[0], self.model):
                break
        self.model.set_weights(self.stop.weights)

    def confusion(self, X, Y):
        p = self.model.predict(X).argmax(axis=1)
        return np.array([[np.mean((p == j) & (Y.argmax(1) == i)) for j in range(3)] for i in range(3)])

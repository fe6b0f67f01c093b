import numpy as np
import argparse
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import RMSprop, SGD, Adam


def parse():
    p = argparse.ArgumentParser()
    p.add_argument('--patience', type=int, default=2)
    p.add_argument('--lr', type=float, default=0.3)
    p.add_argument('--max-epochs', type=int, default=12, dest='epochs')
    p.add_argument('--batch', type=int, default=10)
    return p.parse_args()


class Trainer(object):
    def __init__(self, args):
        self.args = args
        self.model = Sequential()
        self.model.add(Dense(6, input_dim=4, activation='tanh'))
        self.model.add(Dense(1))
        self.model.compile(loss='mse', optimizer=SGD(lr=args.lr))
        self.best, self.wait, self.weights = np.inf, 0, None

    def step(self, data, val):
        X, Y = data
        for s in range(0, len(X), self.args.batch):
            self.model.train_on_batch(X[s:s + self.args.batch], Y[s:s + self.args.batch])
        return float(self.model.evaluate(val[0], val[1], verbose=0))

    def run(self, data, val):
        for epoch in range(self.args.epochs):
            loss = self.step(data, val)
            if loss < self.best - 1e-4:
                self.best, self.wait, self.weights = loss, 0, self.model.get_weights()
            else:
                self.wait += 1
                if self.wait >= self.args.patience:
                    print('stop after', epoch)
                    break
        self.model.set_weights(self.weights)
        return self.best


if __name__ == '__main__':
    args = parse()
    rs = np.random.RandomState(12)
    X = rs.randn(40, 4); Y = np.sin(X[:, :1]) + .3 * rs.randn(40, 1)
    trainer = Trainer(args)
    print('best %.5f' % trainer.run((X[:30], Y[:30]), (X[30:], Y[30:])))
    print('%.5f' % trainer.model.evaluate(X[30:], Y[30:], verbose=0))

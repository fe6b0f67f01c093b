import argparse
import sys
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Merge, Activation
from keras.regularizers import l2

def get_args(argv):
    p = argparse.ArgumentParser()
    p.add_argument('--method', default='wide+deep', choices=['wide', 'deep', 'wide+deep'])
    p.add_argument('--epochs', type=int, default=3)
    p.add_argument('--batch', type=int, default=6)
    p.add_argument('--reg', type=float, default=.01)
    return p.parse_args(argv)

def wide(n, reg):
    m = Sequential()
    m.add(Dense(1, input_dim=n, W_regularizer=l2(reg)))
    return m

def deep(n):
    m = Sequential()
    m.add(Dense(8, input_dim=n, activation='relu'))
    m.add(Dense(1))
    return m

def main(argv=()):
    args = get_args(list(argv))
    rs = np.random.RandomState(77)
    Xw, Xd = rs.randint(0, 2, (24, 5)).astype('float64'), rs.randn(24, 3)
    y = (Xw[:, 0] + Xd[:, 1] > .5).astype('int32')
    if args.method == 'wide+deep':
        model = Sequential()
        model.add(Merge([wide(5, args.reg), deep(3)], mode='sum'))
        model.add(Activation('sigmoid'))
        inputs = [Xw, Xd]
    else:
        model, inputs = (wide(5, args.reg), Xw) if args.method == 'wide' else (deep(3), Xd)
        model.add(Activation('sigmoid'))
    model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])
    h = model.fit(inputs, y, nb_epoch=args.epochs, batch_size=args.batch, verbose=0, shuffle=False)
    print(np.round(h.history['loss'], 5).tolist(), np.round(h.history['acc'], 4).tolist())
    loss, accuracy = model.evaluate(inputs, y, verbose=0)
    print('%s test loss %.5f accuracy %.4f' % (args.method, loss, accuracy))

main()
main(['--method', 'wide', '--epochs', '1'])
main(['--method=deep', '--batch', '12'])

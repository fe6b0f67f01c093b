"""Entry point: python before.py"""
from __future__ import print_function
import numpy as np
from textclf.data import load
from textclf.network import TextClassifier
from textclf import config


def main():
    (x_train, y_train), (x_test, y_test) = load(config.PARAMS['maxlen'])
    clf = TextClassifier(**config.PARAMS)
    clf.train(x_train, y_train, epochs=config.EPOCHS)
    loss, acc = clf.score(x_test, y_test)
    print('test loss %.5f, test acc %.4f' % (loss, acc))
    print(clf.classes(x_test).tolist())
    print(len(clf), clf.losses)

if __name__ == '__main__':
    main()

from __future__ import print_function

from tagger.data import sentences
from tagger.training import model, tags, train

losses = train(2)
print(len(losses), '%.6f' % losses[-1])
X, Y = sentences(3, 5)
print(tags(X).tolist())
print('%.6f' % model.evaluate(X, Y, verbose=0))
print(model.predict_classes(X, verbose=0).tolist())

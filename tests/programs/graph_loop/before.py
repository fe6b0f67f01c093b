from __future__ import print_function
import numpy as np
from keras.models import Graph
from keras.layers.core import Dense
np.random.seed(2)
A = np.random.randn(12, 3); B = np.random.randn(12, 2); T = np.random.rand(12, 1)
g = Graph()
g.add_input('a', input_shape=(3,))
g.add_input('b', input_shape=(2,))
g.add_node(Dense(4, activation='tanh'), 'da', input='a')
g.add_node(Dense(4, activation='tanh'), 'db', input='b')
g.add_node(Dense(1, activation='sigmoid'), 'dense', inputs=['da', 'db'], merge_mode='sum')
g.add_output('out', input='dense')
g.compile('sgd', {'out': 'mse'})
for e in range(3):
    print('%.6f' % np.mean(g.train_on_batch({'a': A, 'b': B, 'out': T})))
print('%.6f' % np.mean(g.test_on_batch({'a': A, 'b': B, 'out': T})))
print(np.round(g.predict({'a': A, 'b': B})['out'][:3].ravel(), 5))

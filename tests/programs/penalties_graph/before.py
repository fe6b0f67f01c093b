'''A graph with penalties and validation data.'''
import numpy as np
from keras.models import Graph
from keras.layers.core import Dense
from keras.regularizers import l2
rs = np.random.RandomState(3)
X, Y = rs.randn(20, 4), rs.rand(20, 2)
graph = Graph()
graph.add_input(name='x', input_shape=(4,))
graph.add_node(Dense(6, activation='tanh', W_regularizer=l2(0.05)), name='h', input='x')
graph.add_node(Dense(2, W_regularizer=l2(0.05)), name='o', input='h')
graph.add_output(name='y', input='o')
graph.compile('sgd', {'y': 'mse'})
graph.fit({'x': X, 'y': Y}, nb_epoch=2, batch_size=5, shuffle=False, verbose=0, validation_data={'x': X[:6], 'y': Y[:6]})
print('%.6f' % float(graph.evaluate({'x': X, 'y': Y}, verbose=0)))

import numpy as np
from keras.models import Graph
from keras.layers.core import Dense, Dropout
from keras.layers.recurrent import LSTM
from keras.layers.embeddings import Embedding
# Graph of 0.x: words and a flag in, two answers out
rs = np.random.RandomState(17)
W, F = rs.randint(1, 12, (14, 4)), rs.randn(14, 3)
A, B = np.eye(3)[rs.randint(0, 3, 14)], rs.rand(14, 1)
graph = Graph()
graph.add_input(name='words', input_shape=(4,), dtype='int')
graph.add_input(name='flags', input_shape=(3,))
graph.add_node(Embedding(12, 5, input_length=4), name='emb', input='words')
graph.add_node(LSTM(6), name='lstm', input='emb')
graph.add_node(Dense(4, activation='relu'), name='fl', input='flags')
graph.add_node(Dense(3, activation='softmax'), name='cls', inputs=['lstm', 'fl'], merge_mode='concat')
graph.add_node(Dense(1, activation='sigmoid'), name='score', input='fl')
graph.add_output(name='answer', input='cls')
graph.add_output(name='level', input='score')
graph.compile(optimizer='rmsprop', loss={'answer': 'categorical_crossentropy', 'level': 'mse'})
h = graph.fit({'words': W, 'flags': F, 'answer': A, 'level': B}, nb_epoch=3, batch_size=7, verbose=0, shuffle=False)
print(['%.5f' % v for v in h.history['loss']])
print('%.5f' % graph.evaluate({'words': W, 'flags': F, 'answer': A, 'level': B}, batch_size=5, verbose=0))
out = graph.predict({'words': W, 'flags': F})
print(out['answer'].argmax(axis=1).tolist(), '%.5f' % out['level'].mean(), sorted(out))

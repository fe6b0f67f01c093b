# activations of every layer with K.function, and saliency of an input
from __future__ import print_function
import numpy as np
import keras.backend as K
from keras.models import Sequential
from keras.layers import Dense, Dropout, BatchNormalization
rng = np.random.RandomState(8)
model = Sequential([Dense(5, input_dim=4, activation='relu'), BatchNormalization(), Dropout(0.0), Dense(2, activation='softmax')])
model.compile('sgd', 'categorical_crossentropy')
X = rng.randn(10, 4)
model.fit(X, np.eye(2)[np.arange(10) % 2], nb_epoch=1, verbose=0, shuffle=False)
get = K.function([model.layers[0].input, K.learning_phase()], [l.output for l in model.layers])
for phase in (0, 1):
    outs = get([X[:4], phase])
    print(phase, [round(float(o.sum()), 5) for o in outs])
sal = K.function([model.input, K.learning_phase()], K.gradients(model.output[:, 0].sum() if hasattr(model.output, 'sum') else K.sum(model.output[:, 0]), [model.input]))
print(np.round(sal([X[:2], 0])[0], 5).tolist())

import numpy as np
from keras.layers import Input, Dense
from keras.models import Model
np.random.seed(41)
X = np.random.randn(12, 3); C = np.eye(3)[np.arange(12) % 3]; R = np.random.randn(12, 1)
a = Input(shape=(3,))
cls = Dense(3, activation='softmax', name='cls')(a)
reg = Dense(1, name='reg')(a)
model = Model(input=[a], output=[cls, reg])
model.compile('sgd', {'cls': 'categorical_crossentropy', 'reg': 'mse'}, metrics={'cls': 'accuracy', 'reg': ['mae', 'mse']})
score = model.evaluate(X, [C, R], batch_size=12, verbose=0)
print(len(score), np.round(score[:3], 5), 'acc %.5f mae %.5f' % (score[3], score[4]))

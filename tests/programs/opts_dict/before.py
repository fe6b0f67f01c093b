import numpy as np
from keras.models import Sequential
from keras.layers import Dense
config = dict(
    layers=[6, 3], activation='relu', compile=dict(loss='mse', optimizer='adadelta', metrics=['mae']),
    fit=dict(nb_epoch=3, batch_size=7, shuffle=False, verbose=0, validation_split=0.2),
)
def build(cfg, dim):
    model = Sequential()
    for i, n in enumerate(cfg['layers']):
        kw = dict(input_dim=dim) if i == 0 else {}
        model.add(Dense(n, activation=cfg['activation'], **kw))
    model.add(Dense(1))
    model.compile(**cfg['compile'])
    return model
np.random.seed(0)
X = np.random.rand(30, 4); Y = X.sum(1, keepdims=True)
model = build(config, 4)
hist = model.fit(X, Y, **config['fit'])
print(['%.5f' % v for v in hist.history['val_loss']])

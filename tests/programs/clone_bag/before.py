import copy
import numpy as np
from keras.models import Sequential, model_from_json, model_from_config
from keras.layers import Dense
from bag import copies, mean_model
rs = np.random.RandomState(18)
X, Y = rs.randn(24, 4), np.eye(3)[rs.randint(0, 3, 24)]
base = Sequential()
base.add(Dense(5, input_dim=4, activation='relu', W_regularizer='l2'))
base.add(Dense(3, activation='softmax'))
base.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
base.predict(X)
members = copies(base, 3)
for k, m in enumerate(members):
    ix = np.random.RandomState(k).choice(24, 16)
    m.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    m.fit(X[ix], Y[ix], nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
    print(k, ['%.5f' % v for v in m.evaluate(X, Y, verbose=0)])
avg = mean_model(base, members)
print(['%.5f' % v for v in avg.evaluate(X, Y, verbose=0)])
vote = np.mean([m.predict_proba(X, verbose=0) for m in members], axis=0).argmax(1)
print(vote.tolist())

import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.optimizers import SGD
# train by hand, in mini batches
np.random.seed(3)
X = np.random.randn(32, 5)
y = (X[:, 0] > 0).astype(int)
m = Sequential()
m.add(Dense(6, input_dim=5, init='uniform'))
m.add(Activation('tanh'))
m.add(Dense(1, init='uniform'))
m.add(Activation('sigmoid'))
m.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.1, decay=1e-6, momentum=0.9, nesterov=True), class_mode='binary')
for epoch in range(3):
    tot, accs = 0., []
    for b in range(0, 32, 8):
        loss, acc = m.train_on_batch(X[b:b + 8], y[b:b + 8], accuracy=True)
        tot += float(loss)
        accs.append(float(acc))
    print('epoch %i loss %.5f acc %.3f' % (epoch, tot / 4, np.mean(accs)))
loss, acc = m.test_on_batch(X, y, accuracy=True)
print('%.5f %.5f' % (loss, acc))
print(m.predict_classes(X[:6], verbose=0).ravel())

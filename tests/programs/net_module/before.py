# The network lives in flower_net.py; this script only loads data, trains and reports
import numpy as np
import flower_net as net

rng = np.random.RandomState(3)
labels = np.arange(30) % net.CLASSES
X = rng.normal(size=(30, 4)) + labels[:, None]
Y = np.eye(net.CLASSES)[labels]

model = net.build()
first = model.fit(X, Y, batch_size=10, verbose=0, shuffle=False)
print('%d epochs' % len(first.history['loss']))
more = model.fit(X, Y, nb_epoch=3, verbose=0, shuffle=False)
print(' '.join('%.6f' % loss for loss in more.history['loss']))
loss, acc = model.evaluate(X, Y, verbose=0)
print('%.6f %.4f' % (loss, acc))
print(model.predict_classes(X, verbose=0).tolist())
print('%.4f' % (model.predict_classes(X[:9], batch_size=4, verbose=0) == labels[:9]).mean())

wide = net.build(hidden=8, lr=0.05)
for epoch in range(2):
    for start in range(0, 30, 10):
        told = wide.train_on_batch(X[start:start + 10], Y[start:start + 10])
    print('%.6f' % told[0])

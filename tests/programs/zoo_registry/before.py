import numpy as np
from zoo import ZOO

rng = np.random.RandomState(2)
X = rng.normal(size=(20, 3))
y = X.sum(axis=1)


for name in ('deep', 'linear'):
    model = ZOO[name](3)
    model.fit(X, y, nb_epoch=2, verbose=0, shuffle=False)
    print(name + ' %.6f' % model.evaluate(X, y, verbose=0))
linear = ZOO['linear'](3)
history = linear.fit(X, y, batch_size=4, verbose=0, shuffle=False).history
print(len(history['loss']))

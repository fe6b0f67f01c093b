import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense
np.random.seed(9)
X = np.random.randn(20, 3)
y = (np.random.rand(20) > .7).astype('int')
clf = Sequential()
clf.add(Dense(3, input_dim=3, activation='relu'))
clf.add(Dense(1, activation='sigmoid'))
clf.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
clf.fit(X, y, nb_epoch=2, batch_size=5, verbose=0, shuffle=False, class_weight='auto')
print('%.5f %.5f' % tuple(clf.evaluate(X, y, verbose=0)))

import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation
import sklearn.metrics
np.random.seed(19)
X = np.random.randn(30, 4)
y = np.random.randint(0, 3, 30)
model = Sequential()
model.add(Dense(8, input_dim=4)); model.add(Activation('relu'))
model.add(Dense(3)); model.add(Activation('softmax'))
model.compile(loss='sparse_categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
hist = model.fit(X, y, nb_epoch=3, batch_size=10, verbose=0, shuffle=False)
print([round(float(v), 5) for v in hist.history['acc']])
y_hat = model.predict_classes(X, verbose=0)
print(sklearn.metrics.classification_report(y, y_hat, zero_division=0))
print(sklearn.metrics.confusion_matrix(y, y_hat).tolist())
proba = model.predict_proba(X, verbose=0)
print('logloss %.5f' % sklearn.metrics.log_loss(y, proba))
